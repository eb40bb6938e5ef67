package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.text.ForeignText;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/** A pool that a command shows: one that a daemon tells of, or one that a daemon has written down. */
interface ShownPool {
    PoolSummary pool();

    /** Who tells of it, for a table. */
    String teller();

    /** The same in a sentence of its own. */
    String origin();

    /** All that is known of it; waits for {@code timeout} at most. */
    JsonNode view(Duration timeout) throws InterruptedException;

    /**
     * What happened to it.
     *
     * @param answer how long to wait, where it does not go on
     * @param follow whether to go on with what comes
     */
    void events(Duration answer, boolean follow, Consumer<JsonNode> each) throws InterruptedException;

    /** The newest lines of its workers, {@code lines} and {@code dropped}; waits for {@code timeout} at most. */
    JsonNode lines(int most, Optional<Integer> rank, Duration timeout) throws InterruptedException;

    /**
     * The same, going on with what comes until the pool has ended; {@code lost} hears of lines that came faster than they were read.
     *
     * @return what it is then
     */
    PoolSummary follow(int most, Optional<Integer> rank, Duration timeout, Consumer<JsonNode> each, LongConsumer lost)
            throws InterruptedException;

    /** What was said of it as a record. */
    <T> T read(JsonNode said, Class<T> type);

    /** What was said of it, and who said so. */
    JsonNode signed(JsonNode said);

    /** Whether it is one of {@code tpctl up}, whose daemon ends with it. */
    default boolean endsWithItsDaemon() {
        return false;
    }

    default String id() {
        return pool().id();
    }

    default boolean isNamed(String word) {
        return pool().name().filter(word::equals).isPresent();
    }

    /** Its id, and its name where it has one. */
    default String title() {
        return pool().name()
                .map(name -> id() + " '" + ForeignText.of(name, ForeignText.NAME) + "'")
                .orElseGet(this::id);
    }
}
