"""pydantic loads what it exports from a table of its own, as it is asked for.

In place of the hook that comes with PyInstaller, which asks for every module there is, `pydantic.v1` among them.
"""

from importlib.util import resolve_name

from PyInstaller.utils.hooks import get_module_attribute

hiddenimports = sorted(
    {
        f"{package}.{name}" if module == "__module__" else resolve_name(module, package).rstrip(".")
        for name, (package, module) in get_module_attribute("pydantic", "_dynamic_imports").items()
    }
)
