package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ApiVersion;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.Json;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes an error where no route has taken over yet. */
final class ErrorEnvelopes {
    private static final String JSON = "application/json";

    private ErrorEnvelopes() {}

    /** What every reply has, also one to what is no HTTP. */
    static void common(Response response) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(ApiVersion.HEADER, ApiVersion.CURRENT);
    }

    static void write(ApiException error, Response response, Callback callback) {
        response.setStatus(error.status());
        common(response);
        headers(error).forEach(response.getHeaders()::put);
        if (endsConnection(error) || !response.getRequest().consumeAvailable()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        byte[] body = Json.bytes(new ApiError.Envelope(error.error()));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** Whether the rest of the request is not read, or nobody knows where it ends, so that no next one can be taken. */
    static boolean endsConnection(ApiException error) {
        return error.error().is(ErrorType.TOO_LARGE) || error.error().is(ErrorType.MALFORMED);
    }

    /** What goes with an error of that kind. */
    static Map<String, String> headers(ApiException error) {
        return switch (error.status()) {
            case 401 -> Map.of("WWW-Authenticate", "Bearer realm=\"neuron\"");
            case 429 -> Map.of("Retry-After", "1");
            default -> Map.of();
        };
    }
}
