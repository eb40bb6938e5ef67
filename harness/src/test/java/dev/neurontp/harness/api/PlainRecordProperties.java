package dev.neurontp.harness.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is read without the mapper is what the mapper reads, and what it refuses is refused in its words. */
class PlainRecordProperties {
    private static final List<Class<?>> TYPES = Stream.concat(
                    Stream.of(NodeView.class.getPermittedSubclasses()),
                    Stream.of(
                            DaemonFile.class,
                            PoolView.class,
                            PoolSummary.class,
                            PoolSummary.Listing.class,
                            EventView.class,
                            OperationView.class,
                            ApiError.class,
                            LogLines.class,
                            PoolApplied.class))
            .toList();

    /** A type and a tree for it. */
    record Sample(Class<?> type, JsonNode tree) {}

    @Property(tries = 3000)
    void itReadsAsTheMapperDoes(@ForAll("samples") Sample sample) {
        assertThat(result(() -> Json.read(sample.tree, sample.type)))
                .isEqualTo(result(() -> Json.mapper().treeToValue(sample.tree, sample.type)));
    }

    @Example
    void whatHasTheShapeTakesNoMapper() {
        ObjectNode pool = tree("""
                {"id":"k3vd7q2m","name":"a","labels":{"team":"x"},"epoch":3,"state":"ready","world_size":2,"pids":[1,4000000000],
                 "created":"2026-01-02T03:04:05.678Z","busy":{"op":"init","elapsed_ms":1,"limit_ms":2,"text":"t"},"new":[{}]}""");
        assertThat(PlainRecord.of(pool, PoolSummary.class))
                .contains(Json.mapper().treeToValue(pool, PoolSummary.class))
                .hasValueSatisfying(read -> assertThat(read.created()).isEqualTo("2026-01-02T03:04:05.678Z"));
        assertThat(PlainRecord.of(pool.put("epoch", "3"), PoolSummary.class)).isEmpty();
    }

    private static ObjectNode tree(String text) {
        return (ObjectNode) Json.mapper().readTree(text);
    }

    private static Object result(java.util.function.Supplier<Object> read) {
        try {
            return Optional.ofNullable(read.get());
        } catch (JacksonException e) {
            return e.getMessage();
        }
    }

    @Provide
    static Arbitrary<Sample> samples() {
        return Arbitraries.of(TYPES).flatMap(type -> plain(type).map(tree -> new Sample(type, tree)));
    }

    /** Mostly what the type says. */
    private static Arbitrary<JsonNode> tree(Type type) {
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(40, plain(type)), net.jqwik.api.Tuple.of(1, strange()));
    }

    private static Arbitrary<JsonNode> strange() {
        return Arbitraries.of(
                        "null",
                        "\"\"",
                        "\"5\"",
                        "\"x\"",
                        "5",
                        "-1",
                        "5.5",
                        "1e300",
                        "5000000000",
                        "99999999999999999999",
                        "true",
                        "[]",
                        "{}",
                        "[null]",
                        "[1]",
                        "{\"a\":null}",
                        "\"2026-01-02T03:04:05Z\"",
                        "\"2026-01-02T03:04:05+02:00\"",
                        "\"2026-13-02T03:04:05Z\"",
                        "\"2026-01-02T03:04:05.1234567890Z\"",
                        "1767323045.5")
                .map(Json.mapper()::readTree);
    }

    private static Arbitrary<JsonNode> plain(Type type) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Arbitrary<JsonNode> of = tree(arguments[arguments.length - 1]);
            return generic.getRawType() == Optional.class
                    ? of
                    : generic.getRawType() == Map.class
                            ? of.map(value -> nodes.objectNode().set("key", value))
                            : of.list()
                                    .ofMaxSize(2)
                                    .map(values -> nodes.arrayNode().addAll(values));
        }
        Class<?> single = (Class<?>) type;
        if (single.isRecord()) {
            return Combinators.combine(Arrays.stream(single.getRecordComponents())
                            .map(PlainRecordProperties::field)
                            .toList())
                    .as(fields -> {
                        ObjectNode object = nodes.objectNode().put("not_known", 1);
                        fields.forEach(field -> field.ifPresent(entry -> object.set(entry.getKey(), entry.getValue())));
                        return object;
                    });
        }
        return single == boolean.class || single == Boolean.class
                ? Arbitraries.of(true, false).map(nodes::booleanNode)
                : single == Instant.class
                        ? Arbitraries.longs()
                                .between(-1_000_000_000_000L, 10_000_000_000_000L)
                                .map(time -> nodes.stringNode(
                                        Instant.ofEpochMilli(time).toString()))
                        : single == String.class
                                ? Arbitraries.of("", "a", "ready", "/run/x").map(nodes::stringNode)
                                : single == double.class || single == Double.class
                                        ? Arbitraries.doubles()
                                                .between(-1e6, 1e6)
                                                .map(nodes::numberNode)
                                        : Arbitraries.integers().map(nodes::numberNode);
    }

    private static Arbitrary<Optional<Map.Entry<String, JsonNode>>> field(RecordComponent component) {
        String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
        return tree(component.getGenericType())
                .map(value -> Map.entry(name, value))
                .optional(0.9);
    }
}
