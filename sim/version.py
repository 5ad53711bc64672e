"""The version of Spiral."""

VERSION = "0.1.0"
