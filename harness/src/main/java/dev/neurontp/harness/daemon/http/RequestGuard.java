package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiVersion;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.dashboard.Session;
import dev.neurontp.harness.daemon.dashboard.Sessions;
import dev.neurontp.harness.daemon.runtime.Token;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.Versions;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Checks each request before anything else sees it: the host name, the origin, the token, the size of the body and the version of
 * the API.
 */
final class RequestGuard extends Handler.Wrapper {
    /** Probes ask them without a token, and by any Host. */
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");

    /** The only paths that need no token, compared exactly: another spelling of them needs it. */
    private static final Set<String> OPEN = Stream.of(
                    PROBES, Set.of(DashboardRoutes.SESSIONS), DashboardRoutes.FILES.keySet())
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** Monitoring reads them by the name of a service: with the token, which no web page has, any Host may ask. */
    private static final Set<String> MONITORED = Set.of("/health", "/metrics");

    /** An attribute of a request whose Host is not ours: its answer tells no more than its status. */
    static final String FOREIGN_HOST = RequestGuard.class.getName() + ".foreignHost";

    /** An attribute of a request that came with a session of the dashboard. */
    static final String SESSION = Session.class.getName();

    /** All that a session of the dashboard may do, but end itself. */
    private static final Set<String> READS = Set.of("GET", "HEAD");

    /** An attribute of a request that was let in: what it came with, or what a session was opened with. */
    static final String CLIENT = RequestGuard.class.getName() + ".client";

    private static final String BEARER = "bearer ";

    private final Token token;
    private final Sessions sessions;
    private final int bodyBytes;
    private volatile AllowedHosts names;

    RequestGuard(Token token, Sessions sessions, AllowedHosts names, int bodyBytes) {
        this.token = token;
        this.sessions = sessions;
        this.names = names;
        this.bodyBytes = bodyBytes;
    }

    /** The names that are let in from now on. */
    void allow(AllowedHosts next) {
        names = next;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ErrorEnvelopes.common(response);
        Optional<ApiException> error = check(request).or(() -> otherApi(request));
        if (error.isPresent()) {
            ErrorEnvelopes.write(error.get(), response, callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private Optional<ApiException> check(Request request) {
        HttpFields headers = request.getHeaders();
        String local = localAddress(request);
        for (String host : hosts(request)) {
            if (!names.ownHost(host, local)) {
                if (!anyHostMayAsk(request)) {
                    return error(
                            ErrorType.FOREIGN_HOST,
                            "the Host '" + shown(host) + "' is not allowed here: add it to http.hosts to let it in");
                }
                request.setAttribute(FOREIGN_HOST, true);
            }
        }
        for (String origin : headers.getValuesList(HttpHeader.ORIGIN)) {
            if (!names.ownOrigin(origin, local, localPort(request))) {
                return error(
                        ErrorType.FOREIGN_ORIGIN,
                        "the Origin '" + shown(origin) + "' is not allowed here: add it to http.origins to let it in");
            }
        }
        boolean leaves = isLeaving(request);
        if (OPEN.contains(request.getHttpURI().getPath()) && !leaves) {
            return tooLarge(request);
        }
        Optional<String> bearer = bearer(headers);
        if (bearer.filter(token::matches).isPresent()) {
            request.setAttribute(CLIENT, "token");
            return tooLarge(request);
        }
        if (bearer.filter(sessions::knows).isPresent()) {
            request.setAttribute(SESSION, new Session(bearer.get(), sessions));
            request.setAttribute(CLIENT, "dashboard session");
            return leaves || READS.contains(request.getMethod())
                    ? Optional.empty()
                    : error(
                            ErrorType.READ_ONLY,
                            "a session of the dashboard may look and change nothing: use tpctl, or the token itself");
        }
        return error(
                ErrorType.UNAUTHORIZED,
                "this needs the header 'Authorization: Bearer TOKEN'; the token is in the token file of this daemon");
    }

    private static Optional<ApiException> otherApi(Request request) {
        // A client that names two versions means neither.
        return request.getHeaders().getFields(ApiVersion.HEADER).stream()
                .map(field -> Objects.requireNonNullElse(field.getValue(), ""))
                .filter(asked -> !ApiVersion.isSpoken(Optional.of(asked)))
                .findFirst()
                .flatMap(asked -> error(
                        ErrorType.OTHER_API_VERSION,
                        "this request is of version '" + shown(asked) + "' of the API, and this daemon ("
                                + Versions.product() + ") speaks version " + ApiVersion.CURRENT));
    }

    private static boolean isLeaving(Request request) {
        return HttpMethod.DELETE.is(request.getMethod())
                && request.getHttpURI().getPath().equals(DashboardRoutes.SESSIONS);
    }

    private Optional<ApiException> tooLarge(Request request) {
        return request.getLength() > bodyBytes ? Optional.of(RequestBody.tooLarge(bodyBytes)) : Optional.empty();
    }

    /** Only what a page that has bound its own name to our address (DNS rebinding) may know or cannot ask. */
    private boolean anyHostMayAsk(Request request) {
        String path = request.getHttpURI().getPath();
        return READS.contains(request.getMethod())
                && (PROBES.contains(path)
                        || (MONITORED.contains(path)
                                && bearer(request.getHeaders())
                                        .filter(token::matches)
                                        .isPresent()));
    }

    private static List<String> hosts(Request request) {
        List<String> hosts = new ArrayList<>(request.getHeaders().getValuesList(HttpHeader.HOST));
        String authority = request.getHttpURI().getAuthority();
        if (authority != null) {
            hosts.add(authority);
        }
        return hosts;
    }

    /** What stands behind the word Bearer, where there is exactly one such header. */
    private static Optional<String> bearer(HttpFields headers) {
        List<String> given = headers.getFields(HttpHeader.AUTHORIZATION).stream()
                .map(HttpField::getValue)
                .toList();
        return given.size() == 1
                        && given.getFirst() != null
                        && given.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(given.getFirst().substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private static String localAddress(Request request) {
        SocketAddress local = request.getConnectionMetaData().getLocalSocketAddress();
        return local instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : "";
    }

    private static int localPort(Request request) {
        return request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress address
                ? address.getPort()
                : -1;
    }

    private static Optional<ApiException> error(ErrorType type, String message) {
        return Optional.of(new ApiException(type, message));
    }

    private static String shown(String header) {
        return ForeignText.of(header, ForeignText.NAME);
    }
}
