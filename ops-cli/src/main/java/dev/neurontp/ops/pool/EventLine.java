package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/** An event on one line: when, which pool, what. */
public final class EventLine {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Terminal terminal;

    /** Times are UTC, as those that a reason quotes, and as the daemon's log and API have them. */
    public EventLine(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Whether another event that comes right after it tells the same with its reason: a person need not read both. */
    public static boolean isToldBySucceeding(EventView event) {
        Set<String> toldBetter = Set.of(
                PoolView.RankState.FAILED.label(), PoolView.RankState.LOST.label(), PoolView.RankState.GONE.label());
        return event.type().equals(EventView.Type.RANK_STATE.label())
                && event.state().filter(toldBetter::contains).isPresent();
    }

    /** The line without its line feed. */
    public String of(EventView event) {
        return terminal.faint(time(event.time())) + "  " + event.pool().orElse("-") + "  " + what(event);
    }

    private String time(Instant time) {
        return time == null ? "-" : CLOCK.format(time);
    }

    private String what(EventView event) {
        return EventView.Type.of(event.type())
                .map(type -> what(type, event))
                .orElseGet(() -> event.type() + reason(event));
    }

    private String what(EventView.Type type, EventView event) {
        return switch (type) {
            case POOL_CREATED -> "created";
            case POOL_STATE -> "pool " + state(event) + reason(event);
            case POOL_FORGOTTEN -> "removed from the list";
            case POOL_RESTARTED -> "restarted as " + event.successor().orElse("?");
            case POOL_RESTART_REFUSED -> "not restarted yet" + reason(event);
            case POOL_NOT_RESTARTED -> "not restarted" + reason(event);
            case RANK_STATE -> rank(event) + " " + state(event) + reason(event);
            case RANK_FAILED -> rank(event) + " " + terminal.red("failed") + reason(event);
            case RANK_ENDED ->
                rank(event) + " ended"
                        + event.end().map(exit -> ": " + exit.text()).orElseGet(() -> reason(event));
            case OPERATION_STARTED -> op(event) + " begins";
            case OPERATION_ENDED -> op(event) + " " + coloured(event) + took(event) + reason(event);
            case DAEMON_STOPPING -> "the daemon is stopping";
            case LOST -> "(" + event.count().orElse(0L) + " older events are not kept any more)";
        };
    }

    private static String rank(EventView event) {
        return "rank " + event.rank().map(String::valueOf).orElse("?")
                + Ranks.where(event.pid().orElse(0L), event.host());
    }

    private static String op(EventView event) {
        return event.op().orElse("?");
    }

    private String state(EventView event) {
        return HumanText.verb(event.state().orElse("?")) + " " + coloured(event);
    }

    private String coloured(EventView event) {
        Cell cell = StateColours.cell(event.state().orElse("?"), terminal);
        return cell.style().apply(cell.text());
    }

    private static String took(EventView event) {
        return event.tookMs()
                .map(millis -> " after " + Durations.measured(millis))
                .orElse("");
    }

    private static String reason(EventView event) {
        return event.reason().map(reason -> ": " + reason).orElse("");
    }
}
