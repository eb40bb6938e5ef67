package dev.neurontp.worker.comm;

import dev.neurontp.rpc.ErrorKind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code neuron --comm-id} says on stderr, as its leader reads it again. */
public final class CommIdStderr {
    private static final String PROGRAM = "neuron: ";
    private static final String REFUSED = "no comm_id can be created (";
    private static final Pattern REFUSAL = Pattern.compile(Pattern.quote(PROGRAM + REFUSED) + "(\\w{1,100})\\): (.*)");
    private static final String SIMULATION = PROGRAM + "SIMULATION without hardware";

    private CommIdStderr() {}

    /** The line that says why there is none. */
    public static String line(CommunicatorException refusal) {
        return PROGRAM + REFUSED + refusal.kind().wireName() + "): " + refusal.getMessage();
    }

    /** What such a line says; empty for every other line. */
    public static Optional<CommunicatorException> refusal(String line) {
        Matcher said = REFUSAL.matcher(line);
        return said.matches()
                ? ErrorKind.find(said.group(1)).map(kind -> new CommunicatorException(kind, said.group(2)))
                : Optional.empty();
    }

    /** The line that says that its comm_id is one of a stand-in. */
    public static String simulation() {
        return SIMULATION;
    }

    /** Whether it is that line. */
    public static boolean saysSimulation(String line) {
        return line.equals(SIMULATION);
    }
}
