package dev.neurontp.ops;

import dev.neurontp.harness.Stdout;
import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.log.Log;
import dev.neurontp.harness.process.LiveChildren;
import dev.neurontp.harness.text.LogStream;
import dev.neurontp.harness.usage.CommandLines;
import dev.neurontp.harness.usage.PathConverter;
import dev.neurontp.harness.usage.UsageMessage;
import dev.neurontp.harness.usage.WholeLists;
import dev.neurontp.harness.usage.WholeNumberConverter;
import dev.neurontp.harness.usage.WordConverter;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.DaemonOptions;
import dev.neurontp.ops.client.ErrorOutput;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.ExitCodeHelp;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.ops.console.UnreadException;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.os.ErrorExit;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.HardExit;
import dev.neurontp.worker.os.OpenJars;
import dev.neurontp.worker.os.ProcessExit;
import dev.neurontp.worker.os.StandardInput;
import dev.neurontp.worker.os.StandardOutput;
import dev.neurontp.worker.os.Stderr;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The operator's and CI's tool. */
@Command(
        name = "tpctl",
        mixinStandardHelpOptions = true,
        versionProvider = Tpctl.Version.class,
        description = "Brings up, checks and judges the worker pools of tensor-parallel models.",
        footer = {"", Tpctl.EXIT_CODES})
public final class Tpctl implements Runnable {
    /** Where the launcher keeps stdin and stdout, so that nothing else reads or prints there. */
    private static final String STDIN_PROPERTY = "tpctl.stdin.fd";

    private static final String STDOUT_PROPERTY = "tpctl.stdout.fd";

    private static final Set<String> STAYING = Set.of(
            "ping", "wait", "events", "top", "up", "demo", "validate", "bench", "conformance", "doctor", "dashboard");

    private static final Set<String> FOLLOWING = Set.of("-w", "--watch", "-f", "--follow", "--wait");

    static final String EXIT_CODES = "Exit codes: " + ExitCodeHelp.CODES;

    /** How long the last words on stderr may take. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    @Spec
    CommandSpec spec;

    private Tpctl() {}

    /** Runs a command and exits the process with one of {@link ExitCode}. */
    public static void main(String[] arguments) throws InterruptedException {
        prepare(arguments);
        exit(onThisProcess(program(RuntimeFolders.of(System.getenv()), StateFolders.of(System.getenv()), arguments)));
    }

    /** What the command will need, on a thread beside its start; the build trains this as well. */
    static void prepare(String... arguments) {
        if (arguments.length > 0 && !arguments[0].startsWith("-")) {
            ApiJson.prepare(stays(arguments) ? OpenJars::now : Tpctl::doNothing);
        }
    }

    /** The program as one step, which the build trains as well. */
    static ToIntFunction<Terminal> program(RuntimeFolders folders, StateFolders states, String... arguments) {
        return terminal -> run(terminal, folders, states, arguments);
    }

    /** Whether the command may run for long, so that the host may have changed before its end. */
    private static boolean stays(String... arguments) {
        List<String> words = List.of(arguments);
        return STAYING.contains(words.getFirst()) || words.stream().anyMatch(FOLLOWING::contains);
    }

    private static void doNothing() {
        // There is nothing more to prepare.
    }

    static void exit(int code) throws InterruptedException {
        // Java's exit waits 300 ms for a thread of its own that waits for a process which lives on: the daemon of up
        // --detach.
        if (code == ExitCode.OK && LiveChildren.any()) {
            HardExit.now(code);
        }
        ProcessExit.with(code);
    }

    /** Does the work with this process's stdout and stderr, closes what it opened, and returns the exit code of the process. */
    static int onThisProcess(ToIntFunction<Terminal> work) throws InterruptedException {
        // Ctrl-C, SIGTERM and the end of what was started must not wait for whoever reads stderr.
        LogStream.install();
        Log.install();
        Stdout stdout = new Stdout(StandardOutput.of(Integer.getInteger(STDOUT_PROPERTY, 1)));
        System.setIn(new StandardInput(Integer.getInteger(STDIN_PROPERTY, 0)));
        PrintWriter out = new PrintWriter(stdout, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Terminal terminal = Terminal.ofProcess(out, err, System.getenv());
        int exitCode = ErrorExit.codeOf(() -> work.applyAsInt(terminal), said -> err.println("tpctl: " + said));
        out.flush();
        Daemon.closeAll();
        int finished = stdout.finish("tpctl", err, exitCode, ExitCode.COULD_NOT_RUN);
        Stderr.flush(LAST_WORDS);
        return finished;
    }

    /**
     * Runs the program in this JVM: returns the exit code, prints to the terminal, and looks for daemons in the
     * folders, and in those of {@code states} for what daemons have written down.
     */
    static int run(Terminal terminal, RuntimeFolders folders, StateFolders states, String... arguments) {
        return commandLine(terminal, folders, states, arguments).execute(arguments);
    }

    /** The program with the command that {@code arguments} names, or with all of them. */
    static CommandLine commandLine(
            Terminal terminal, RuntimeFolders folders, StateFolders states, String... arguments) {
        IFactory factory = new OptionsFactory(folders, states);
        CommandLine tpctl = CommandLines.of(new Tpctl(), factory);
        Commands.named(terminal, folders, states, arguments)
                .forEach((name, command) -> tpctl.addSubcommand(
                        name, command instanceof CommandLine whole ? whole : CommandLines.of(command, factory)));
        tpctl.getSubcommands().values().stream()
                .map(command -> command.getCommandSpec().usageMessage())
                .filter(help -> help.footer().length == 0)
                .forEach(help -> help.footer("", EXIT_CODES));
        tpctl.getSubcommands().values().forEach(Tpctl::tellVersion);
        tpctl.registerConverter(Path.class, new PathConverter());
        tpctl.registerConverter(String.class, new WordConverter());
        WholeNumberConverter.registerIn(tpctl);
        tpctl.setOut(terminal.out());
        tpctl.setErr(terminal.err());
        tpctl.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        tpctl.setUsageHelpAutoWidth(false);
        tpctl.setExecutionStrategy(new WholeLists());
        tpctl.setParameterExceptionHandler((e, _) -> usage(terminal, e, arguments));
        tpctl.setExecutionExceptionHandler(
                (e, command, _) -> ended(terminal, command.getCommandSpec().qualifiedName(), e, arguments));
        return tpctl;
    }

    /** The help of each command has --version. */
    private static void tellVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(Tpctl::tellVersion);
    }

    private static int ended(Terminal terminal, String command, Exception e, String... arguments) {
        if (e instanceof UnreadException) {
            return ExitCode.OK; // unless its reader has not just gone: Stdout knows
        }
        Exception reason = e instanceof ApiErrorException refusal ? ApiErrors.explain(refusal) : e;
        terminal.out().flush();
        CommandException end = reason instanceof CommandException known
                ? known
                : new CommandException(
                        ExitCode.COULD_NOT_RUN,
                        reason.getMessage() == null ? reason.toString() : reason.getMessage(),
                        "");
        new ErrorOutput(terminal.err(), arguments).print(command, end);
        return end.exitCode();
    }

    private static int usage(Terminal terminal, ParameterException e, String... arguments) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        CommandException end = new CommandException(
                ExitCode.USAGE, UsageMessage.of(e, arguments), "Run " + command + " --help for the options.");
        new ErrorOutput(terminal.err(), arguments).print(command, end);
        return end.exitCode();
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Creates the options that more than one command has. */
    record OptionsFactory(RuntimeFolders folders, StateFolders states) implements IFactory {
        @Override
        public <K> K create(Class<K> type) {
            return type == DaemonOptions.class
                    ? type.cast(new DaemonOptions(folders, states))
                    : CommandLines.create(type);
        }
    }

    /** The version of the product. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Versions.line("tpctl")};
        }
    }
}
