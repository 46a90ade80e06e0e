"""Sphinx's settings: the pages are Markdown, the reference comes from the docstrings."""

import pouchdb

project = "pouchdb"
author = "the pouchdb for Python contributors"
release = pouchdb.__version__
version = release

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
html_theme = "furo"
html_title = f"pouchdb {release}"
