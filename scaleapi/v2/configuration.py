"""Settings and connections for programs that use v2 without a ``ScaleClient``."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from .._http.secrets import Hidden
from .._http.settings import ENVIRONMENT, check_base_url, without_version
from ..api import Api
from ..exceptions import ScaleArgumentError

__all__ = ["ApiClient", "Configuration"]

_VERBS = frozenset({"get_request", "post_request", "put_request", "delete_request"})


class Configuration:
    """The settings of an :class:`ApiClient`. All of them are attributes that can be changed.

    Args:
        host: The URL of the service without a version. By default, the environment variable
            ``SCALE_API_INSTANCE_URL``, or else ``https://api.scale.com``.
        username: The API key, if it is not passed as ``access_token``.
        access_token: The API key. If both are omitted, the environment variable
            ``SCALE_API_KEY``.
        ssl_ca_cert: The path of the CAs to trust.
        retries: The maximum number of retries of a call.

    Attributes:
        verify_ssl: Whether to verify TLS certificates.
        cert_file: The path of a client certificate.
        key_file: The path of its key.
        proxy: The URL of a proxy. By default, the proxies of the environment.

    Raises:
        ScaleArgumentError: If the host is not a URL, or if the key is not a string.

    Example:
        >>> configuration = Configuration(access_token="live_...")
        >>> configuration.host
        'https://api.scale.com'
    """

    def __init__(
        self,
        host: str | None = None,
        *,
        username: str | None = ENVIRONMENT,
        access_token: str | None = ENVIRONMENT,
        ssl_ca_cert: str | None = None,
        retries: int | None = None,
    ) -> None:
        # Rebound, so that error reporters that print local variables do not show the key.
        omitted = access_token is ENVIRONMENT and username is ENVIRONMENT
        username = _hidden("username", username)
        access_token = _hidden("access_token", access_token)
        self.host = without_version(check_base_url(host))
        # The environment is read only if both are omitted, not if one is None, which could be the
        # result of reading a misspelled variable.
        self._from_environment = omitted
        self.access_token = username if access_token is None else access_token
        self.ssl_ca_cert = ssl_ca_cert
        self.retries = retries
        self.verify_ssl = True
        self.cert_file: str | None = None
        self.key_file: str | None = None
        self.proxy: str | None = None

    @property
    def access_token(self) -> str | None:
        """The API key; ``None`` if it is read from the environment."""
        return self._access_token

    @access_token.setter
    def access_token(self, key: str | None) -> None:
        self._access_token = _hidden("access_token", key)

    def _key(self) -> Any:
        """Return the key as an argument for Api."""
        if self._access_token is None and self._from_environment:
            return ENVIRONMENT
        return self._access_token


def _hidden(argument: str, key: object) -> Hidden | None:
    if key is ENVIRONMENT:
        return None
    if isinstance(key, (str, type(None))):
        return None if key is None else Hidden(key)
    raise ScaleArgumentError(argument, f"must be a string, not {type(key).__name__}")


class ApiClient:
    """The connections of a :class:`V2Api`.

    The host and the key are read from the configuration at each call, other settings only once.

    Args:
        configuration: The settings.

    Raises:
        ScaleArgumentError: If a setting is invalid.

    Example:
        >>> with ApiClient(Configuration(access_token="live_...")) as api_client:
        ...     print(V2Api(api_client).get_batch("batch_1").name)
        week_11
    """

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.configuration = settings = configuration or Configuration()
        cert, key = settings.cert_file, settings.key_file
        proxy = settings.proxy
        self._api = Api(
            settings._key(),
            None,
            settings.host,
            settings.ssl_ca_cert if settings.verify_ssl else False,
            None if proxy is None else {"http": proxy, "https": proxy},
            (cert, key) if cert and key else cert,
            max_retries=3 if settings.retries is None else settings.retries,
        ).for_v2()
        self._v1: Api | None = None

    @classmethod
    def over(cls, api: Api) -> ApiClient:
        """Create an ApiClient that shares the connections and settings of a v1 client."""
        api_client = object.__new__(cls)
        api_client._v1 = api
        api_client._api = Api.for_v2(api)
        api_client.configuration = Configuration(api.base_api_url, access_token=api.api_key)
        return api_client

    @property
    def api(self) -> Api:
        """The transport for the current configuration."""
        host, key = self.configuration.host, self.configuration.access_token
        # Tests that replace a method of client.api expect that to affect v2 calls too.
        if self._v1 is not None and not _VERBS.isdisjoint(vars(self._v1)):
            return self._v1.for_v2(host, key)
        if (self._api.base_api_url, self._api.api_key) != (f"{host}/v2", key or self._api.api_key):
            self._api = self._api.for_v2(host, key)
        return self._api

    def close(self) -> None:
        """Close the connections. Later calls open new ones."""
        self._api.close()

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
