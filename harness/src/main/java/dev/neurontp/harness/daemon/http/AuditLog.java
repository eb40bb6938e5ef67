package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.text.ForeignText;
import java.net.InetSocketAddress;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One record for each request that may change something: who asked, from where, for what, and the answer. Those that were not
 * let in are not here: without the token nobody may fill the log.
 */
final class AuditLog implements RequestLog {
    /** Its name is in logging.properties: these records are written whatever log.level says. */
    private static final Logger LOG = LoggerFactory.getLogger("audit");

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    public void log(Request request, Response response) {
        if (READS.contains(request.getMethod())
                || !(request.getAttribute(RequestGuard.CLIENT) instanceof String client)) {
            return;
        }
        LOG.info(
                "{} {} by {} from {}, {}: {}{}",
                ForeignText.of(request.getMethod(), ForeignText.NAME),
                ForeignText.of(request.getHttpURI().getPathQuery(), 2 * ForeignText.NAME),
                client,
                address(request),
                program(request),
                response.getStatus(),
                operation(response));
    }

    private static String address(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                        && address.getAddress() != null
                ? address.getAddress().getHostAddress() + " port " + address.getPort()
                : "?";
    }

    /** What the client says of itself. */
    private static String program(Request request) {
        String said = request.getHeaders().get(HttpHeader.USER_AGENT);
        return said == null ? "a program without a name" : ForeignText.of(said, ForeignText.NAME);
    }

    /** The address of what was created. */
    private static String operation(Response response) {
        String location = response.getHeaders().get(HttpHeader.LOCATION);
        return location == null ? "" : " " + location;
    }
}
