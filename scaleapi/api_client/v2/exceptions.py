"""The exceptions of scaleapi 2 for the v2 API, as names of those in :mod:`scaleapi.exceptions`."""

from __future__ import annotations

from ...exceptions import (
    ScaleArgumentError,
    ScaleDuplicateResource,
    ScaleException,
    ScaleForbidden,
    ScaleInvalidRequest,
    ScaleResourceNotFound,
    ScaleServerError,
    ScaleUnauthorized,
    ScaleUnprocessable,
)

__all__ = [
    "ApiAttributeError",
    "ApiException",
    "ApiKeyError",
    "ApiTypeError",
    "ApiValueError",
    "BadRequestException",
    "ConflictException",
    "ForbiddenException",
    "NotFoundException",
    "OpenApiException",
    "ServiceException",
    "UnauthorizedException",
    "UnprocessableEntityException",
]

OpenApiException = ScaleException
ApiException = ScaleException
ApiAttributeError = ScaleArgumentError
ApiKeyError = ScaleArgumentError
ApiTypeError = ScaleArgumentError
ApiValueError = ScaleArgumentError
BadRequestException = ScaleInvalidRequest
UnauthorizedException = ScaleUnauthorized
ForbiddenException = ScaleForbidden
NotFoundException = ScaleResourceNotFound
ConflictException = ScaleDuplicateResource
UnprocessableEntityException = ScaleUnprocessable
ServiceException = ScaleServerError
