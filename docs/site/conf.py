"""How the pages and the docstrings become a site: `make docs`."""

import os

os.environ["NUMBA_DISABLE_JIT"] = "1"  # before sim is imported: a compiled rule has no docstring of its own

from sim.version import VERSION

project = "Spiral"
version = release = VERSION
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]

# The root of the checkout is the source, since pages link to those of scenarios/, results/ and seeds/.
include_patterns = [
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/**", "results/README.md",
    "scenarios/README.md", "seeds/*.md",
]  # fmt: skip
exclude_patterns = ["docs/numbers/**", "docs/**/*.ipynb"]
root_doc = "docs/site/contents"

myst_heading_anchors = 4
autosummary_generate = True
autodoc_typehints = "signature"
napoleon_numpy_docstring, napoleon_google_docstring = True, False

default_role = "literal"  # docstrings put code in single backquotes
highlight_language = "none"
suppress_warnings = [
    "misc.highlighting_failure"
]  # of fences that name a format Pygments does not know, as csv

html_theme = "furo"
html_extra_path = ["extra"]  # leads from the top to the first page
html_title = f"Spiral {VERSION}"
html_copy_source = False
html_show_sphinx = False
