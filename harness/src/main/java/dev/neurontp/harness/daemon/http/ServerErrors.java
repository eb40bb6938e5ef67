package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ErrorType;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Jetty itself rejects, in our envelope: requests that are no HTTP, or that no route has taken. */
final class ServerErrors extends ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ServerErrors.class);

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object cause = request.getAttribute(ERROR_EXCEPTION);
        ApiException answer = cause instanceof EofException
                ? new ApiException(ErrorType.MALFORMED, "the connection ended before the request was complete")
                : error(response.getStatus(), String.valueOf(request.getAttribute(ERROR_MESSAGE)));
        if (answer.status() == ErrorType.INTERNAL.status()) {
            LOG.error(
                    "a request failed because of a defect of this daemon", cause instanceof Throwable why ? why : null);
        }
        ErrorEnvelopes.write(answer, response, LingeringClose.afterRefusal(request, callback));
        return true;
    }

    private static ApiException error(int status, String reason) {
        return switch (status) {
            case 404 -> new ApiException(ErrorType.NO_SUCH_PATH, Responses.NO_SUCH_PATH);
            case 405 -> new ApiException(ErrorType.WRONG_METHOD, "this path does not take that method");
            case 413, 414, 431 -> new ApiException(ErrorType.TOO_LARGE, "the request is too large: " + reason);
            case 415 -> new ApiException(ErrorType.NOT_JSON, "the Content-Type must be application/json");
            case 503 -> new ApiException(ErrorType.STOPPING, "this daemon is stopping and takes no new work");
            default ->
                status < 500 || status == 501 || status == 505
                        ? new ApiException(ErrorType.MALFORMED, "the request is not valid HTTP: " + reason)
                        : new ApiException(ErrorType.INTERNAL, "a defect of the daemon; its log says more");
        };
    }
}
