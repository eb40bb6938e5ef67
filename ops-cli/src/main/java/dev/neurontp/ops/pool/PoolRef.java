package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.LogLines;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.EventStream;
import dev.neurontp.ops.client.PathSegment;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A pool and the daemon that has it. */
record PoolRef(Daemon daemon, PoolSummary pool) implements ShownPool {
    /** It comes before any stream ends in order. */
    private static final String LAST = EventView.Type.DAEMON_STOPPING.label();
    /** One of them comes before that of one pool does. */
    private static final Set<String> LAST_OF_A_POOL = Set.of(EventView.Type.POOL_FORGOTTEN.label(), LAST);

    /** One tells of those that are lost. */
    private static final int MOST_EVENTS = DaemonSettings.MOST_EVENTS + 1;

    /** The pool's path, with more behind it. */
    String path(String more) {
        return "/pools/" + PathSegment.of(pool.id()) + more;
    }

    /** Everything known of it now; waits for {@code timeout} at most. */
    PoolView now(Duration timeout) {
        return daemon.read(view(timeout), PoolView.class);
    }

    @Override
    public String teller() {
        return daemon.url().getAuthority();
    }

    @Override
    public String origin() {
        return "daemon " + daemon;
    }

    @Override
    public boolean endsWithItsDaemon() {
        return daemon.endsWithItsPool();
    }

    @Override
    public JsonNode view(Duration timeout) {
        return daemon.get(path(""), timeout);
    }

    @Override
    public void events(Duration answer, boolean follow, Consumer<JsonNode> each) throws InterruptedException {
        events(daemon, path("/events"), answer, follow && pool.recorded().isEmpty(), LAST_OF_A_POOL, each);
    }

    /** Of all pools of {@code daemon}. */
    static void events(Daemon daemon, Duration answer, boolean follow, Consumer<JsonNode> each)
            throws InterruptedException {
        events(daemon, "/events", answer, follow, Set.of(LAST), each);
    }

    private static void events(
            Daemon daemon, String path, Duration answer, boolean follow, Set<String> last, Consumer<JsonNode> each)
            throws InterruptedException {
        String from = path + "?since=0&follow=" + follow;
        boolean over = false;
        try (EventStream stream = daemon.stream(from, answer, follow ? Daemon.ENDLESS : answer)) {
            int shown = 0;
            for (EventStream.Message message : stream) {
                if (!follow && ++shown > MOST_EVENTS) {
                    throw daemon.strange(
                            "it has more events than the " + DaemonSettings.MOST_EVENTS + " that one keeps");
                }
                stream.notCounting(() -> each.accept(message.data()));
                // Events of its removal may come behind that of its end.
                over |= last.contains(message.type());
            }
        }
        if (follow && !over) {
            throw ended(daemon, "that it stops", "Look again: tpctl events");
        }
    }

    /** The end of a stream says nothing: what stands between may have ended it. */
    private static CommandException ended(Daemon daemon, String unsaid, String next) {
        return new CommandException(
                ExitCode.COULD_NOT_RUN, "the daemon " + daemon + " ended the stream, and did not say " + unsaid, next);
    }

    @Override
    public JsonNode lines(int most, Optional<Integer> rank, Duration timeout) {
        return daemon.get(linesPath(most, rank), timeout);
    }

    @Override
    public PoolSummary follow(
            int most, Optional<Integer> rank, Duration timeout, Consumer<JsonNode> each, LongConsumer lost)
            throws InterruptedException {
        try (EventStream stream = daemon.stream(linesPath(most, rank) + "&follow=true", timeout, Daemon.ENDLESS)) {
            for (EventStream.Message message : stream) {
                switch (message.type()) {
                    case LogLines.LINE_EVENT -> each.accept(message.data());
                    case LogLines.LOST_EVENT ->
                        lost.accept(read(message.data(), LogLines.Lost.class).count());
                    case LogLines.END_EVENT -> {
                        return read(message.data(), PoolSummary.class);
                    }
                    default -> {} // those to come
                }
            }
        }
        throw ended(daemon, "that pool " + id() + " has ended", "See how it is: tpctl status " + id());
    }

    private String linesPath(int most, Optional<Integer> rank) {
        return path("/logs?lines=") + most + rank.map(one -> "&rank=" + one).orElse("");
    }

    @Override
    public <T> T read(JsonNode said, Class<T> type) {
        return daemon.read(said, type);
    }

    @Override
    public JsonNode signed(JsonNode said) {
        return signed(said, daemon);
    }

    /** What the daemon said, and whose word it is. */
    static JsonNode signed(JsonNode said, Daemon daemon) {
        ObjectNode signed = (ObjectNode) ApiJson.tree(said);
        return signed.put("daemon", daemon.url().toString());
    }
}
