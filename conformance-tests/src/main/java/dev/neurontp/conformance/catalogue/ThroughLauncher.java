package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.ExitStatus;
import java.util.List;
import java.util.regex.Pattern;

/** What can be seen of an end through a launcher such as ssh: less than of a process of this host. */
final class ThroughLauncher {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._=-]+");

    private ThroughLauncher() {}

    /** Those that a launcher hands on as they are: a shell on the other host takes blanks and its own letters out of words. */
    static List<List<String>> handedOn(CheckContext context, List<List<String>> commands) {
        if (!context.isLaunched()) {
            return commands;
        }
        context.leaveOut();
        return commands.stream()
                .filter(words -> words.stream().allMatch(PLAIN.asMatchPredicate()))
                .toList();
    }

    /** The launcher got the signal: it hands it on, or ends and so closes the worker's stdin. The exit code is its own. */
    static void endsBySignal(CheckContext context, DedicatedWorker worker, String name) throws RuleViolation {
        context.leaveOut();
        ExitStatus ending = worker.endWithin(context.timeouts().end());
        worker.hearOut(context.timeouts().aftermath());
        if (ending == null && name.equals("TERM")) {
            throw worker.runsOn("an end by SIGTERM", context.timeouts().end());
        }
        if (ending == null) {
            context.skip("its launcher runs on after SIGINT, as srun does after the first");
        }
    }

    /** Whether there is a launcher; then the check is skipped for the time that it takes. */
    static boolean isSlowToEnd(CheckContext context) {
        return skips(context, "its launcher took more than 1000 ms to end, and the end of the worker is not seen");
    }

    /** Whether there is a launcher; then the check is skipped, since the worker's stdout has another reader than this suite. */
    static boolean isReading(CheckContext context) {
        return skips(context, "its launcher reads the worker's stdout, and this suite only that of the launcher");
    }

    /** Whether there is a launcher; then the check is skipped, since the worker's replies are read and a signal is no worker's. */
    static boolean isBetween(CheckContext context) {
        return skips(context, "its launcher gets the signal, and reads what the worker says");
    }

    private static boolean skips(CheckContext context, String why) {
        if (context.isLaunched()) {
            context.skip(why);
        }
        return context.isLaunched();
    }
}
