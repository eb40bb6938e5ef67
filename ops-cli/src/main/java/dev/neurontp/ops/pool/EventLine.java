package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.Event;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** An event on one line: when, which pool, what. */
public final class EventLine {
    private final DateTimeFormatter clock;
    private final Terminal terminal;

    /** Times are those of {@code zone}. */
    public EventLine(ZoneId zone, Terminal terminal) {
        clock = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                .withZone(zone);
        this.terminal = terminal;
    }

    /** The line without its line feed. */
    public String of(Event event) {
        String pool = event.pool() == null ? "-" : event.pool();
        return terminal.faint(time(event.time())) + "  " + pool + "  " + what(event);
    }

    private String time(Instant time) {
        return time == null ? "-" : clock.format(time);
    }

    private String what(Event event) {
        String type = event.type() == null ? "" : event.type();
        return switch (type) {
            case "pool_created" -> "created";
            case "pool_state" -> "pool is " + state(event) + reason(event);
            case "pool_forgotten" -> "taken out of the list";
            case "rank_state" -> rank(event) + " is " + state(event) + reason(event);
            case "rank_failed" -> rank(event) + " " + terminal.red("failed") + reason(event);
            case "rank_ended" ->
                rank(event) + " ended"
                        + (event.end() == null
                                ? reason(event)
                                : ": " + HumanText.plain(event.end().text()));
            case "operation_started" -> event.op() + " begins";
            case "operation_ended" -> event.op() + " is " + state(event) + took(event) + reason(event);
            case "daemon_stopping" -> "the daemon is stopping";
            case "lost" -> "(" + event.count() + " older events are not kept any more)";
            default -> HumanText.plain(type) + reason(event);
        };
    }

    private static String rank(Event event) {
        return "rank " + event.rank() + (event.pid() == null ? "" : " (pid " + event.pid() + ")");
    }

    private String state(Event event) {
        Cell cell = StateColours.cell(event.state() == null ? "?" : event.state(), terminal);
        return cell.style().apply(cell.text());
    }

    private static String took(Event event) {
        return event.tookMs() == null ? "" : " after " + HumanText.millis(event.tookMs());
    }

    private static String reason(Event event) {
        return event.reason() == null ? "" : ": " + HumanText.plain(event.reason());
    }
}
