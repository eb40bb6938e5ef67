package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.LogLines;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.EventStream;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
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
    private static final Pattern DATED = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT");

    private final Screen screen;
    private final DateTimeFormatter clock =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Mixin
    private PoolArgument target;

    @Option(
            names = {"-f", "--follow"},
            description = "Stay, and show what comes.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many of the newest lines, up to 10000. Default: 100.")
    private int lines;

    @Option(names = "--rank", paramLabel = "R", description = "Only this rank's.")
    private Integer rank;

    @Mixin
    private OutputOptions output;

    /** Prints to {@code screen}. */
    public LogsCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolRef found = target.toRead();
        requireRank(found);
        String path = found.path("/logs?lines=") + lines + (rank == null ? "" : "&rank=" + rank);
        if (follow) {
            follow(found, path + "&follow=true");
        } else {
            JsonNode json = found.daemon().get(path, target.connect().readTimeout());
            json.path("lines").forEach(line -> show(found, line));
            long dropped = json.path("dropped").asLong(0);
            if (dropped > 0) {
                screen.say(HumanText.count(dropped, "older line is", "older lines are") + " not kept any more");
            }
        }
        return ExitCode.OK;
    }

    /** A daemon would say nothing about a rank that there is not, for ever with -f. */
    private void requireRank(PoolRef found) {
        int ranks = found.pool().worldSize();
        if (rank != null && (rank < 0 || rank >= ranks)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--rank is " + rank + ": pool " + found.id() + " has " + HumanText.count(ranks, "rank", "ranks")
                            + (ranks == 1 ? ", rank 0" : ", 0 to " + (ranks - 1)),
                    "Name one of them, or leave out --rank for all.");
        }
    }

    private void follow(PoolRef found, String path) throws InterruptedException {
        try (EventStream stream = found.daemon().stream(path, target.connect().readTimeout(), Daemon.ENDLESS)) {
            for (EventStream.Message message : stream) {
                if (message.type().equals(LogLines.LINE_EVENT)) {
                    show(found, message.data());
                } else if (message.type().equals(LogLines.END_EVENT)) {
                    screen.say("pool " + found.id() + " has ended: tpctl status " + found.id());
                    return;
                }
            }
        }
    }

    private void show(PoolRef found, JsonNode json) {
        if (output.json()) {
            screen.line(ApiJson.text(json));
            return;
        }
        LogLines.Line line = found.daemon().read(json, LogLines.Line.class);
        // Our own workers begin each line with a time; others may not.
        String time =
                line.time() == null || DATED.matcher(line.text()).lookingAt() ? "" : clock.format(line.time()) + "  ";
        screen.line(screen.terminal().faint(time + "rank " + line.rank()) + "  " + line.text());
    }
}
