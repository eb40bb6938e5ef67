package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.LogLines;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows what a pool's workers wrote. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the workers of a pool wrote to stderr.",
            "All ranks, in the order in which it came. With -f goes on with what comes, until the pool has ended."
        })
public final class LogsCommand implements Callable<Integer> {
    private static final int USUAL = 100;
    private static final int MOST = 10_000;

    /** As kubectl has it. */
    private static final int ALL = -1;

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern DATED = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT");

    private final Screen screen;
    private final Instant started = Instant.now();
    private final DateTimeFormatter clock =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Mixin
    PoolArgument target;

    @Option(
            names = {"-f", "--follow"},
            description = "Stay, and show what comes.")
    boolean follow;

    @Option(
            names = {"-n", "--lines", "--tail"},
            paramLabel = "N",
            description =
                    "At most so many of the newest lines, up to 10000, which -1 stands for too. Default: 100, with --since 10000.")
    Integer lines;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Only lines that came within this time, like 90s, 10m or 2h.")
    Duration since;

    @Option(
            names = {"-t", "--timestamps"},
            description = "When each line came, with the date, in the form of ISO 8601 and in UTC.")
    boolean timestamps;

    @Option(
            names = {"-p", "--previous"},
            description = "Of the newest pool that has ended: of that name, of the name of that live pool, or of all;"
                    + " also of daemons that have ended.")
    boolean previous;

    @Option(names = "--rank", paramLabel = "R", description = "Only this rank's.")
    Integer rank;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public LogsCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireLines();
        ShownPool found = previous ? target.previous() : target.toShow();
        requireRank(found);
        Duration timeout = target.connect().readTimeout();
        if (follow) {
            Consumer<JsonNode> each = line -> {
                show(found, line);
                screen.requireReader();
            };
            PoolSummary last = found.follow(most(), Optional.ofNullable(rank), timeout, each, this::lost);
            String end = last.lost() ? "is lost: nobody has seen its end" : "has ended";
            screen.say("pool " + found.id() + ' ' + end + ": tpctl status " + found.id());
        } else {
            JsonNode json = found.lines(most(), Optional.ofNullable(rank), timeout);
            long dropped = found.read(json, LogLines.class).dropped();
            json.path("lines").forEach(line -> show(found, line));
            if (dropped > 0) {
                screen.say(HumanText.count(dropped, "older line is", "older lines are") + " not kept any more");
            }
        }
        return ExitCode.OK;
    }

    private void lost(long count) {
        screen.say(HumanText.count(count, "line is", "lines are")
                + " missing here: they came faster than they were read, and are not kept any more");
    }

    private void requireLines() {
        if (lines != null && (lines < ALL || lines > MOST)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "the number of lines is " + lines + ": it must be from 0 to " + MOST + ", or -1",
                    "-1 is as many as can be shown, " + MOST + ".");
        }
    }

    private int most() {
        if (lines != null) {
            return lines == ALL ? MOST : lines;
        }
        return since == null ? USUAL : MOST;
    }

    private boolean isTooOld(ShownPool found, JsonNode json) {
        Instant time = found.read(json, LogLines.Line.class).time();
        return since != null && time != null && time.isBefore(started.minus(since));
    }

    /** A daemon would say nothing about a rank that there is not, for ever with -f. */
    private void requireRank(ShownPool found) {
        int ranks = found.pool().worldSize();
        if (rank != null && (rank < 0 || rank >= ranks)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--rank is " + rank + ": pool " + found.id() + " has " + HumanText.count(ranks, "rank", "ranks")
                            + (ranks == 1 ? ", rank 0" : ", 0 to " + (ranks - 1)),
                    "Name one of them, or leave out --rank for all.");
        }
    }

    private static String who(LogLines.Line line) {
        return "rank " + line.rank() + Ranks.on(line.host());
    }

    private void show(ShownPool found, JsonNode json) {
        if (isTooOld(found, json)) {
            return;
        }
        if (output.json()) {
            screen.line(ApiJson.text(json));
            return;
        }
        LogLines.Line line = found.read(json, LogLines.Line.class);
        if (timestamps) {
            String stamp = line.time() == null ? "-" : STAMP.format(line.time());
            screen.line(screen.terminal().faint(stamp + "  " + who(line)) + "  " + line.text());
            return;
        }
        // Our own workers begin each line with a time; others may not.
        String time =
                line.time() == null || DATED.matcher(line.text()).lookingAt() ? "" : clock.format(line.time()) + "  ";
        screen.line(screen.terminal().faint(time + who(line)) + "  " + line.text());
    }
}
