package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.history.PastPool;
import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.PastDaemons;
import dev.neurontp.ops.console.HumanText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A pool as its daemon has written it down; nothing will happen to it any more. */
record RecordedPool(PastPools past, PastPool known, PoolSummary pool) implements ShownPool {
    RecordedPool(PastPools past, PastPool known) {
        this(past, known, known.summary());
    }

    /** Removes what was written down. */
    void forget() throws InterruptedException {
        PastDaemons.read(() -> {
            past.remove(known);
            return null;
        });
    }

    @Override
    public String teller() {
        return "(history)";
    }

    @Override
    public String origin() {
        return "history in " + known.place();
    }

    @Override
    public JsonNode view(Duration timeout) throws InterruptedException {
        return ApiJson.tree(PastDaemons.read(() -> past.view(known)));
    }

    @Override
    public void events(Duration answer, boolean follow, Consumer<JsonNode> each) throws InterruptedException {
        PastDaemons.read(() -> past.events(known)).forEach(event -> each.accept(ApiJson.tree(event)));
    }

    @Override
    public JsonNode lines(int most, Optional<Integer> rank, Duration timeout) throws InterruptedException {
        ObjectNode lines = (ObjectNode) ApiJson.tree(PastDaemons.read(() -> past.lines(known)));
        ArrayNode wanted = JsonNodeFactory.instance.arrayNode();
        lines.path("lines")
                .valueStream()
                .filter(line -> rank.isEmpty() || line.path("rank").asInt(-1) == rank.get())
                .forEach(wanted::add);
        ArrayNode newest = JsonNodeFactory.instance.arrayNode();
        wanted.valueStream().skip(Math.max(0, wanted.size() - most)).forEach(newest::add);
        return lines.set("lines", newest);
    }

    @Override
    public PoolSummary follow(
            int most, Optional<Integer> rank, Duration timeout, Consumer<JsonNode> each, LongConsumer lost)
            throws InterruptedException {
        lines(most, rank, timeout).path("lines").forEach(each);
        return pool;
    }

    @Override
    public <T> T read(JsonNode said, Class<T> type) {
        return ApiJson.record(said, type);
    }

    @Override
    public JsonNode signed(JsonNode said) {
        return ((ObjectNode) ApiJson.tree(said)).putNull("daemon");
    }

    /** The daemon that it ran under, in a sentence of its own; nothing of a pool in a daemon's list. */
    static Optional<String> ranUnder(PoolView pool, Instant now) {
        return pool.recorded()
                .map(known -> "ran under the daemon with pid " + known.pid() + " on " + known.host() + ", version "
                        + known.version() + (known.gone() ? ", which has ended" : "") + "; last written down "
                        + HumanText.ago(Optional.ofNullable(known.written()), now));
    }
}
