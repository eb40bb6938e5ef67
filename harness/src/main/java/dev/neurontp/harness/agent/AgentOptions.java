package dev.neurontp.harness.agent;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.NamedPath;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What an agent was asked to do. Read by hand: every start of a rank waits for it.
 *
 * @param lease how long stdin may be silent
 * @param tokenStdin whether the first line of stdin is a token for the records and no line for the worker
 * @param command the worker's, with all its words
 */
record AgentOptions(Duration lease, boolean tokenStdin, List<String> command) {
    static final String HELP = """
            The process beside one worker: it starts COMMAND, passes stdin on to it, and ends it when nobody is heard any more.

              neuron --agent [--lease T] [--token-stdin] -- COMMAND...

            --lease T       end the worker when stdin is silent for that long, 1s to 1h (default 15s); an empty line is a sign of life
            --token-stdin   the first line of stdin is a token that each record repeats; the worker is started after it
            --help          print this and exit

            stdin       passed on. At its end, at SIGTERM, SIGINT or SIGHUP, and when the lease is over, the worker has 3 s from the end of
                        its own stdin; then it is killed, with all processes of its session
            stdout      the worker's own
            stderr      the worker's, and between its lines records: the byte 0x1E, a JSON object, a line feed (RFC 7464)
            Exit: the worker's exit code, 128+n where signal n ended it; 2 wrong usage; 3 the worker cannot be started.
            """;

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration USUAL = Duration.ofSeconds(15);

    AgentOptions {
        command = List.copyOf(command);
    }

    /**
     * Reads them, from {@code --agent} on.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    static AgentOptions parse(String[] arguments) {
        Duration lease = USUAL;
        boolean tokenStdin = false;
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--")) {
                return new AgentOptions(lease, tokenStdin, command(arguments, i + 1));
            } else if (argument.equals("--token-stdin")) {
                tokenStdin = true;
            } else if (argument.equals("--lease")) {
                i++;
                lease = lease(i < arguments.length ? arguments[i] : "");
            } else if (argument.startsWith("--lease=")) {
                lease = lease(argument.substring("--lease=".length()));
            } else {
                throw new IllegalArgumentException("'" + ForeignText.of(argument, ForeignText.NAME)
                        + "' is no option of --agent: the worker's command stands after --");
            }
        }
        return new AgentOptions(lease, tokenStdin, command(arguments, arguments.length));
    }

    private static List<String> command(String[] arguments, int from) {
        if (from >= arguments.length || arguments[from].isBlank()) {
            throw new IllegalArgumentException("there is no command to start: it stands after --, with all its words");
        }
        return Arrays.stream(arguments, from, arguments.length)
                .map(NamedPath::requireWord)
                .toList();
    }

    private static Duration lease(String text) {
        return Durations.parse(text)
                .filter(time -> time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0)
                .orElseThrow(() -> new IllegalArgumentException("--lease is '"
                        + ForeignText.of(text, ForeignText.NAME)
                        + "': it must be a number and a unit (s, m, h), from " + Durations.format(SHORTEST) + " to "
                        + Durations.format(LONGEST)));
    }
}
