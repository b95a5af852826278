"""What leaves the screen for the receipt computer (レセコン): copies in its form, and the public XML file."""
