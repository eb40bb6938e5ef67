package dev.neurontp.harness.api;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** How this interface writes and reads JSON. Any thread may call. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Json() {}

    /** The mapper: snake_case, unknown fields ignored, missing numbers read as 0, a field given twice refused. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** {@code value} as UTF-8. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** {@code value} as one line of text. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
