"""The strategy language: expressions over bars, checked, compiled and stepped bar by bar."""
