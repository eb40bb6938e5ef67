package dev.neurontp.conformance.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * What to start: the whole command line, and variables set in addition to the inherited ones.
 *
 * @param own how many words of the command come from the user; the rest are arguments of the suite
 * @param settings where it is started, and what all processes of the run are given
 * @param stdoutClosed whether the reader of stdout is gone from the start
 * @param repliesBearOp whether it is known that the worker tags its replies, so that an object without op is none
 */
public record Launch(
        List<String> command,
        int own,
        Map<String, String> environment,
        LaunchSettings settings,
        boolean stdoutClosed,
        BooleanSupplier repliesBearOp) {

    /** The JDK's own helper ends at once, or cannot be started, whatever the program. */
    private static final Pattern OF_JDK =
            Pattern.compile("spawn helper: .*exit code: (?!127\\b)|posix_spawn failed, error[=:] ?(2|13)\\b");

    private static final int LONGEST_FRAME = 17 << 20;
    private static final int LOOK_SECONDS = 10;
    private static final int LONGEST_OF_OTHERS = 1 << 20;
    private static final Path SETSID = onPath("setsid", System.getenv("PATH"), Path.of(""));

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A launch without anything special. */
    public static Launch of(List<String> command) {
        return of(command, LaunchSettings.INHERITED);
    }

    /** A launch with these settings. */
    public static Launch of(List<String> command, LaunchSettings settings) {
        return new Launch(command, command.size(), Map.of(), settings, false, () -> false);
    }

    /** What the suite put behind the user's command. */
    public List<String> arguments() {
        return command.subList(own, command.size());
    }

    /** The words as they may be told: a secret among them is masked. */
    public List<String> shown() {
        return Secrets.masked(command);
    }

    /** Bytes of a line that are kept: a little over a frame of a worker, and less of a program that is none. */
    int longestLine() {
        return own < command.size() ? LONGEST_FRAME : LONGEST_OF_OTHERS;
    }

    Started start(WorkerMark mark) throws StartFailure {
        requireStartableInTime(command.getFirst());
        List<String> line = new ArrayList<>(ownSessionCommand());
        line.addAll(InheritedSignals.reset());
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line);
        settings.workingDirectory().ifPresent(folder -> builder.directory(folder.toFile()));
        GivenVariables.giveBack(builder.environment());
        // It makes Python flush each print, and so hides a worker that does not (F7) from the shell that has it set.
        builder.environment().remove("PYTHONUNBUFFERED");
        builder.environment().putAll(settings.environment());
        builder.environment().putAll(environment);
        builder.environment().put(WorkerMark.NAME, mark.value());
        try {
            Guard.ensure();
            return DescriptorRoom.startToBeRead(builder);
        } catch (IOException e) {
            HostShortage.requireNoneIn(e);
            // The JDK puts advice for its own developers behind the first line.
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason was given");
            String helper = OF_JDK.matcher(reason).find()
                    ? " (the worker is not at fault: " + System.getProperty("java.home")
                            + "/lib/jspawnhelper does not run; where that JDK was updated, start the judge again)"
                    : "";
            throw new StartFailure("cannot start '" + command.getFirst() + "': " + reason + helper, e);
        }
    }

    /** What to put before a command so that it gets a session of its own; empty where nothing here does that. */
    static List<String> ownSessionCommand() {
        return SETSID == null ? List.of() : List.of(SETSID.toString());
    }

    /** Whether workers get a session of their own. */
    static boolean ownSession() {
        return SETSID != null;
    }

    /** Its file system, or one that stands before it in PATH, may answer nothing. */
    private void requireStartableInTime(String program) throws StartFailure {
        FutureTask<Void> look = new FutureTask<>(() -> {
            requireStartable(program);
            return null;
        });
        Thread.ofPlatform().daemon().name("program-look").start(look);
        try {
            look.get(LOOK_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new StartFailure(
                    "cannot look at '" + program + "': its file system, or one of the PATH, has answered nothing for "
                            + LOOK_SECONDS + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StartFailure failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private void requireStartable(String program) throws StartFailure {
        Path folder = settings.workingDirectory().orElse(Path.of(""));
        if (!Files.isDirectory(folder.toAbsolutePath())) {
            throw new StartFailure("the working directory '" + folder + "' is no directory");
        }
        String where = settings.environment().getOrDefault("PATH", System.getenv("PATH"));
        if (!program.contains("/")) {
            if (onPath(program, where, folder) == null) {
                throw new StartFailure("there is no program '" + program + "' on the PATH: " + remedy(program));
            }
            return;
        }
        Path path = folder.resolve(program);
        if (!Files.exists(path)) {
            throw new StartFailure(
                    "'" + program + "' does not exist in " + folder.toAbsolutePath() + ": " + remedy(program));
        }
        if (Files.isDirectory(path)) {
            throw new StartFailure("'" + program + "' is a directory, not a program");
        }
        if (!Files.isExecutable(path)) {
            throw new StartFailure("'" + program + "' is not executable: chmod +x it");
        }
    }

    private static String remedy(String program) {
        return program.contains(" ")
                ? "it is one word with blanks in it; give the program and each of its arguments as a word of its own"
                : "give the path of the worker's program";
    }

    private static Path onPath(String name, String path, Path in) {
        if (path == null || name.isEmpty()) {
            return null;
        }
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path candidate = in.resolve(folder.isEmpty() ? "." : folder).resolve(name);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
