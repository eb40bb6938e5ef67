package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.JsonProblem;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON body of a request. */
final class RequestBody {
    private static final int QUOTED = 200;
    /** Bytes of an object without fields. */
    private static final int EMPTY_OBJECT = 2;

    private final int limit;

    RequestBody(int limit) {
        this.limit = limit;
    }

    /**
     * Reads it.
     *
     * @throws ApiException when it is not JSON by its type (415) or its content (400), no object (422), or too large (413)
     */
    JsonFields read(Context context) {
        // As it came: Jetty's own getContentType fails where it does not know the charset.
        requireJson(context.header("Content-Type"));
        byte[] bytes;
        try {
            bytes = context.req().getInputStream().readNBytes(limit + 1);
        } catch (IOException e) {
            throw malformed(
                    e.getCause() instanceof TimeoutException
                            ? "the body did not come in time (limits.idle)"
                            : "the body ended early: " + quote(e.getMessage()));
        }
        if (bytes.length > limit) {
            throw tooLarge(limit);
        }
        JsonNode node = parse(decode(bytes));
        if (!(node instanceof ObjectNode object)) {
            throw new ApiException(ErrorType.WRONG_SHAPE, "the body must be a JSON object");
        }
        return new JsonFields("", object);
    }

    /**
     * For a request that says all in its path and its query: what stands in a body would be done by nobody. It is told by the request's
     * head, so that nobody waits for it.
     *
     * @throws ApiException when there is one (422), but for an empty object
     */
    static void requireNone(Context context) {
        if (context.req().getContentLengthLong() > EMPTY_OBJECT || context.header("Transfer-Encoding") != null) {
            throw new ApiException(ErrorType.WRONG_SHAPE, "this request takes no body: leave it out");
        }
    }

    static ApiException tooLarge(int limit) {
        return new ApiException(
                ErrorType.TOO_LARGE, "the body is over " + limit + " bytes", ApiError.Detail.limit(limit));
    }

    private static void requireJson(String contentType) {
        String type =
                contentType == null ? "" : contentType.toLowerCase(Locale.ROOT).replace(" ", "");
        if (!type.equals("application/json")
                && !type.equals("application/json;charset=utf-8")
                && !type.equals("application/json;charset=\"utf-8\"")) {
            throw new ApiException(
                    ErrorType.NOT_JSON,
                    "the Content-Type is '" + quote(contentType == null ? "" : contentType)
                            + "': it must be application/json");
        }
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw malformed("the body is not UTF-8");
        }
    }

    private static JsonNode parse(String text) {
        if (text.isBlank()) {
            throw malformed("the body is empty: it must be a JSON object");
        }
        try {
            return Json.mapper().readTree(text);
        } catch (JacksonException e) {
            throw malformed("the body is not JSON: " + JsonProblem.of(e));
        }
    }

    private static ApiException malformed(String message) {
        return new ApiException(ErrorType.MALFORMED, message);
    }

    static String quote(String text) {
        return ForeignText.of(text, QUOTED);
    }
}
