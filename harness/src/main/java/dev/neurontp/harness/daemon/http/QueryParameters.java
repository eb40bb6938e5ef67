package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import io.javalin.http.Context;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query parameters of a request: known ones only, each once. */
final class QueryParameters {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Map<String, String> values = new HashMap<>();

    private QueryParameters() {}

    /**
     * Reads them.
     *
     * @throws ApiException when one is unknown, given twice, or malformed
     */
    static QueryParameters of(Context context, String... known) {
        QueryParameters query = new QueryParameters();
        String text = context.req().getQueryString();
        if (text == null || text.isEmpty()) {
            return query;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (!List.of(known).contains(name)) {
                throw wrong(
                        name,
                        "there is no query parameter '" + ForeignText.of(name, ForeignText.NAME) + "' here"
                                + (known.length == 0 ? "" : ": known are " + String.join(", ", known)));
            }
            if (query.values.put(name, value) != null) {
                throw wrong(name, "the query parameter " + name + " is given twice");
            }
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new ApiException(ErrorType.MALFORMED, "the query is malformed: after % there must be two hex digits");
        }
    }

    static ApiException wrong(String field, String message) {
        return new ApiException(
                ErrorType.WRONG_SHAPE, message, ApiError.Detail.field(ForeignText.of(field, ForeignText.NAME)));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** {@code wait}: how long a client waits. */
    Duration wait(Duration otherwise) {
        return text("wait")
                .map(text -> Durations.parse(text)
                        .filter(time -> time.compareTo(LONGEST_WAIT) <= 0)
                        .orElseThrow(() -> wrong(
                                "wait",
                                "wait is '" + ForeignText.of(text, ForeignText.NAME)
                                        + "': it must be a number and a unit (ms, s, m), at most 10m")))
                .orElse(otherwise);
    }

    boolean flag(String name, boolean otherwise) {
        return text(name)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw wrong(
                                name,
                                name + " is '" + ForeignText.of(text, ForeignText.NAME)
                                        + "': it must be true or false");
                })
                .orElse(otherwise);
    }

    /** A whole number from 0 to {@code most}. */
    Optional<Long> number(String name, long most) {
        return text(name).map(text -> {
            if (text.matches("[0-9]{1,19}") && new BigInteger(text).compareTo(BigInteger.valueOf(most)) <= 0) {
                return Long.valueOf(text);
            }
            throw wrong(
                    name,
                    name + " is '" + ForeignText.of(text, ForeignText.NAME) + "': it must be a whole number from 0 to "
                            + most);
        });
    }
}
