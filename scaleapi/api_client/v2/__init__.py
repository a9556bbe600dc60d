"""The location of the v2 API in scaleapi 2. In new code, import from :mod:`scaleapi.v2`."""

# ruff: noqa: F403 - each module says in __all__ what is public
from __future__ import annotations

from ...v2 import ApiClient, ApiResponse, Configuration, V2Api
from . import models
from .exceptions import (
    ApiAttributeError,
    ApiException,
    ApiKeyError,
    ApiTypeError,
    ApiValueError,
    OpenApiException,
)
from .models import *

__all__ = [
    "ApiAttributeError",
    "ApiClient",
    "ApiException",
    "ApiKeyError",
    "ApiResponse",
    "ApiTypeError",
    "ApiValueError",
    "Configuration",
    "OpenApiException",
    "V2Api",
]
__all__ += models.__all__
