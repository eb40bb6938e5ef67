package dev.neurontp.ops.client;

import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.PoolApplied;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What docs/openapi.yaml says of a view beyond the types of its fields: the shape of ids, and that a time is one. */
final class ViewRules {
    private static final Pattern POOL = Pattern.compile("[a-z2-7]{8}");
    private static final Pattern OPERATION = Pattern.compile("op-[0-9]{1,18}");
    private static final Set<String> TIMES = Set.of("took_ms", "elapsed_ms", "limit_ms", "round_trip_ms");
    private static final double LONGEST_MS = Duration.ofDays(36500).toMillis();

    /** What a rank replied is its own. */
    private static final String REPLY = "reply";

    private ViewRules() {}

    /** Where {@code said}, which has the types of {@code type}, breaks a rule: like {@code .result.took_ms}. */
    static Optional<String> broken(JsonNode said, Class<?> type) {
        return brokenId(said, type).or(() -> brokenTime(said, ""));
    }

    private static Optional<String> brokenId(JsonNode said, Class<?> type) {
        if (type == OperationView.class) {
            return id(said, OPERATION, "");
        }
        if (type == PoolView.class || type == PoolSummary.class) {
            return id(said, POOL, "");
        }
        if (type == PoolApplied.class && said.path("pool").isObject()) {
            return id(said.path("pool"), POOL, ".pool");
        }
        if (type == PoolSummary.Listing.class) {
            int at = 0;
            for (JsonNode pool : said.path("pools")) {
                Optional<String> broken = id(pool, POOL, ".pools[" + at++ + "]");
                if (broken.isPresent()) {
                    return broken;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> id(JsonNode view, Pattern shape, String place) {
        return shape.matcher(view.path("id").asString("")).matches() ? Optional.empty() : Optional.of(place + ".id");
    }

    private static Optional<String> brokenTime(JsonNode said, String place) {
        if (said.isArray()) {
            int at = 0;
            for (JsonNode element : said) {
                Optional<String> broken = brokenTime(element, place + "[" + at++ + "]");
                if (broken.isPresent()) {
                    return broken;
                }
            }
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> field : said.properties()) {
            String name = place + "." + field.getKey();
            if (TIMES.contains(field.getKey()) && field.getValue().isNumber() && !isTime(field.getValue())) {
                return Optional.of(name);
            }
            Optional<String> broken =
                    field.getKey().equals(REPLY) ? Optional.empty() : brokenTime(field.getValue(), name);
            if (broken.isPresent()) {
                return broken;
            }
        }
        return Optional.empty();
    }

    private static boolean isTime(JsonNode number) {
        double millis = number.asDouble();
        return millis >= 0 && millis <= LONGEST_MS;
    }
}
