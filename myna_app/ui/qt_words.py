"""Qt's own words, as in the menu of a text field or a dialog for files, in the language of the screens."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication


def speak(application: QApplication, language: str) -> None:
    """Exchange Qt's catalogue where it is another language's; what is open already keeps its words."""
    name = f"qtbase_{language}"
    spoken = application.findChildren(QTranslator)  # of the application: only this function's
    if name in (one.objectName() for one in spoken):
        return
    for one in spoken:
        application.removeTranslator(one)
        one.setParent(None)
    translator = QTranslator(application)
    translator.setObjectName(name)
    where = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language), "qtbase", "_", where):
        application.installTranslator(translator)
