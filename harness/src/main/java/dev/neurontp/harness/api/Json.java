package dev.neurontp.harness.api;

import com.fasterxml.jackson.annotation.Nulls;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** How this interface writes and reads JSON. Any thread may call. */
public final class Json {
    private static final JsonTree TREES = new JsonTree(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private Json() {}

    /** Created when it is first asked for: a short command does without it. */
    private static final class Mapper {
        private static final JsonMapper MAPPER = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .withCoercionConfig(
                        LogicalType.Boolean,
                        given -> given.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
                .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
                .build();
    }

    /** The mapper: snake_case, unknown fields ignored, missing numbers read as 0 unless they are {@link Required}; a number or a text for a boolean, a field given twice, and a list or a map with null in it, refused. */
    public static JsonMapper mapper() {
        return Mapper.MAPPER;
    }

    /**
     * The tree as a record, as {@link #mapper} would make it.
     *
     * @throws JacksonException when it has another shape
     */
    public static <T> T read(JsonNode tree, Class<T> type) {
        return PlainRecord.of(tree, type).orElseGet(() -> mapper().treeToValue(tree, type));
    }

    /** The same for text in UTF-8. */
    public static <T> T read(byte[] text, Class<T> type) {
        JsonNode tree = TREES.read(text);
        return tree.isMissingNode() ? mapper().readValue(text, type) : read(tree, type);
    }

    /** {@code value} as UTF-8. */
    public static byte[] bytes(Object value) {
        return mapper().writeValueAsBytes(value);
    }

    /** {@code value} as one line of text. */
    public static String text(Object value) {
        return JsonText.of(value).orElseGet(() -> mapper().writeValueAsString(value));
    }
}
