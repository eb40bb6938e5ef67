package dev.neurontp.harness.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.text.JsonProblem;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tree is the one that a mapper reads, and what it refuses is refused with the same words at the same place. */
class JsonTreeProperties {
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxTokenCount(40).build())
            .build();

    @Property(tries = 3000)
    void itIsTheTreeOfAMapper(@ForAll("texts") String text, @ForAll boolean strict) {
        JsonFactory factory = strict ? STRICT : new JsonFactory();
        JsonMapper mapper = JsonMapper.builder(factory).build();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(result(() -> new JsonTree(factory).read(text))).isEqualTo(result(() -> mapper.readTree(text)));
        assertThat(result(() -> new JsonTree(factory).read(bytes))).isEqualTo(result(() -> mapper.readTree(bytes)));
    }

    @Property(tries = 3000)
    void itIsWrittenAsAMapperWritesIt(@ForAll("texts") String text) {
        JsonMapper mapper = new JsonMapper();
        JsonNode tree;
        try {
            tree = mapper.readTree(text);
        } catch (JacksonException _) {
            return;
        }
        if (tree.isMissingNode()) {
            return;
        }
        assertThat(JsonText.of(tree)).contains(mapper.writeValueAsString(tree));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b\"\u00e9\ud83d", Arrays.asList(tree, "\u2028\u0000x", 1, 2L, 0.1, 1e300, Double.NaN, true, null));
        map.put("a", Map.of());
        assertThat(JsonText.of(map)).contains(mapper.writeValueAsString(map));
    }

    @Example
    void whatAMapperHasToTakeApartIsLeftToIt() {
        record Pair(int a, List<String> b) {}
        assertThat(JsonText.of(Map.of("x", List.of(new Pair(1, List.of()))))).isEmpty();
        assertThat(Json.text(Map.of("x", List.of(new Pair(1, List.of()))))).isEqualTo("{\"x\":[{\"a\":1,\"b\":[]}]}");
        assertThat(JsonText.of(Map.of(1, 2))).isEmpty();
        assertThat(JsonText.of(new JsonMapper().createObjectNode().put("x", new BigDecimal("1.10"))))
                .isEmpty();
    }

    private static Object result(Supplier<JsonNode> read) {
        try {
            JsonNode tree = read.get();
            return tree.getNodeType() + " " + tree;
        } catch (JacksonException e) {
            return JsonProblem.of(e);
        }
    }

    @Provide
    static Arbitrary<String> texts() {
        Arbitrary<String> broken = Arbitraries.of(
                "", "{", "}", "[", "]", ",", "x", " null", "\n\"", "\u0000", "01", "{} {}", "\"\\u00e9\"");
        Arbitrary<String> whole = value(3);
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, whole),
                net.jqwik.api.Tuple.of(1, Combinators.combine(whole, broken).as(String::concat)),
                net.jqwik.api.Tuple.of(1, Combinators.combine(broken, whole).as(String::concat)),
                net.jqwik.api.Tuple.of(
                        1,
                        Combinators.combine(whole, Arbitraries.integers().between(0, 60))
                                .as((text, end) -> text.substring(0, Math.min(end, text.length())))));
    }

    private static Arbitrary<String> value(int depth) {
        Arbitrary<String> single = Arbitraries.of(
                "1",
                "-0",
                "2147483648",
                "99999999999999999999",
                "1.5",
                "-0.0",
                "1e400",
                "1.10",
                "0.1",
                "00",
                "1.",
                "-",
                "123456789012345678",
                "1234567890123456789",
                "3.141592653589793238",
                "\"\\/\\t\"",
                "true",
                "false",
                "null",
                "\"\"",
                "\"é\\n\"",
                "\"\\ud83d\\ude00\"");
        if (depth == 0) {
            return single;
        }
        Arbitrary<String> array =
                value(depth - 1).list().ofMaxSize(4).map(values -> "[" + String.join(" , ", values) + "]");
        Arbitrary<String> object = Combinators.combine(Arbitraries.of("a", "b", "c"), value(depth - 1))
                .as((name, value) -> "\"" + name + "\" : " + value)
                .list()
                .ofMaxSize(4)
                .map(fields -> "{" + String.join(",", fields) + "}");
        return Arbitraries.oneOf(single, array, object);
    }
}
