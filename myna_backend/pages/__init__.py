"""Server-rendered pages: the offices' portal, the care web service, administration. They work without JavaScript."""
