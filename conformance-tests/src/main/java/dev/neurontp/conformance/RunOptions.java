package dev.neurontp.conformance;

import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.contract.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to run, against what.
 *
 * @param command the worker's command, to which {@code --worker --rank R ...} is added
 * @param stage the stage to judge it as; empty to ask the worker
 * @param contractVersion rules that a later version added are skipped
 * @param only rule ids or check ids, with {@code *} and {@code ?}; empty for all
 * @param skip the same, to leave out
 * @param knownFailures a file of failures that are expected
 * @param tries cases a property
 * @param timeout for one reply or one end
 * @param maxTime for the whole run
 * @param strict whether a SHOULD counts as a MUST
 * @param launched whether the command is a launcher that carries the worker's pipes
 * @param jobs how many checks run at the same time
 * @param commIdCommand makes and serves a comm_id, for stage 7a-ii
 * @param worldSizes sizes of the groups of stage 7a-ii
 * @param idle how long some workers get no input, while the other checks run
 * @param soak how long one worker is kept busy after all checks, to see whether it grows; zero for not at all
 * @param startTimeout for the first reply of the first process
 * @param suite names the run in reports, so that those of several workers are told apart
 * @param rerunPrefix how this program is called, for the commands that it prints
 */
public record RunOptions(
        List<String> command,
        Optional<Stage> stage,
        String contractVersion,
        List<String> only,
        List<String> skip,
        Optional<Path> knownFailures,
        long seed,
        int tries,
        Duration timeout,
        Duration maxTime,
        boolean failFast,
        boolean strict,
        boolean launched,
        int jobs,
        List<String> commIdCommand,
        List<Integer> worldSizes,
        Duration idle,
        Duration soak,
        Duration startTimeout,
        String suite,
        String rerunPrefix) {

    /** How long a worker may take to its first reply where nothing else is said. */
    public static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(30);

    /** The suite's name where nothing else is said. */
    public static final String DEFAULT_SUITE = "wire conformance";

    /** How long workers are left without input where nothing else is said. */
    public static final Duration DEFAULT_IDLE = CheckContext.ALL_IDLE;

    /** For one reply or one end where nothing else is said. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** For the whole run where nothing else is said. */
    public static final Duration DEFAULT_MAX_TIME = Duration.ofMinutes(10);

    /** Checks at the same time where nothing else is said. */
    public static final int DEFAULT_JOBS = 2;

    /** Cases a property where nothing else is said. */
    public static final int DEFAULT_TRIES = CheckContext.ALL_TRIES;

    public RunOptions {
        command = List.copyOf(command);
        only = List.copyOf(only);
        skip = List.copyOf(skip);
        commIdCommand = List.copyOf(commIdCommand);
        worldSizes = List.copyOf(worldSizes);
        require(!command.isEmpty(), "no command to judge: put the worker's command after --");
        require(tries >= 1 && tries <= 1_000_000, "--tries is " + tries + ": give 1 to 1000000");
        require(jobs >= 1 && jobs <= 64, "--jobs is " + jobs + ": give 1 to 64");
        require(timeout.toMillis() >= 100, "--timeout is " + timeout.toMillis() + " ms: give 100 ms or more");
        require(maxTime.toMillis() >= 1000, "--max-time is " + maxTime.toMillis() + " ms: give 1 s or more");
        require(!idle.isNegative(), "--idle is " + idle.toMillis() + " ms: give 0 ms or more");
        require(!soak.isNegative(), "--soak is " + soak.toMillis() + " ms: give 0 ms or more");
        require(
                !launched || soak.isZero(),
                "--soak reads what a worker takes from /proc of this host, and with --launched that is the launcher's: leave"
                        + " one of them away");
        require(
                startTimeout.toMillis() >= 100,
                "--start-timeout is " + startTimeout.toMillis() + " ms: give 100 ms or more");
        require(!suite.isBlank(), "--suite is blank: give the name that reports are to bear");
        require(
                worldSizes.stream().allMatch(size -> size >= 2 && size <= 64),
                "--world-size is " + worldSizes + ": give 2 to 64");
    }

    /** The same with the default for what is not named. */
    public RunOptions(
            List<String> command,
            Optional<Stage> stage,
            String contractVersion,
            List<String> only,
            List<String> skip,
            Optional<Path> knownFailures,
            long seed,
            int tries,
            Duration timeout,
            Duration maxTime,
            boolean failFast,
            boolean strict,
            int jobs,
            List<String> commIdCommand,
            List<Integer> worldSizes,
            String rerunPrefix) {
        this(
                command,
                stage,
                contractVersion,
                only,
                skip,
                knownFailures,
                seed,
                tries,
                timeout,
                maxTime,
                failFast,
                strict,
                false,
                jobs,
                commIdCommand,
                worldSizes,
                DEFAULT_IDLE,
                Duration.ZERO,
                DEFAULT_START_TIMEOUT,
                DEFAULT_SUITE,
                rerunPrefix);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new UsageException(message);
        }
    }

    /** Something in the options or the files that they name cannot be used; the message says what to give instead. */
    public static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UsageException(String message) {
            super(message);
        }
    }

    /** Options with the defaults, for this command. */
    public static RunOptions of(List<String> command, long seed) {
        return new RunOptions(
                command,
                Optional.empty(),
                "",
                List.of(),
                List.of(),
                Optional.empty(),
                seed,
                DEFAULT_TRIES,
                DEFAULT_TIMEOUT,
                DEFAULT_MAX_TIME,
                false,
                false,
                DEFAULT_JOBS,
                List.of(),
                List.of(2),
                "tpctl conformance run");
    }
}
