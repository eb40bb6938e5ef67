package dev.neurontp.ops;

import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.bench.BenchCommand;
import dev.neurontp.ops.conformance.ConformanceCommand;
import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.ops.create.ApplyCommand;
import dev.neurontp.ops.create.CreateCommand;
import dev.neurontp.ops.demo.DemoCommand;
import dev.neurontp.ops.doctor.DoctorCommand;
import dev.neurontp.ops.help.CompletionCommand;
import dev.neurontp.ops.help.HelpCommand;
import dev.neurontp.ops.help.ManCommand;
import dev.neurontp.ops.help.VersionCommand;
import dev.neurontp.ops.pool.DashboardCommand;
import dev.neurontp.ops.pool.DeleteCommand;
import dev.neurontp.ops.pool.DescribeCommand;
import dev.neurontp.ops.pool.DevicesCommand;
import dev.neurontp.ops.pool.EventsCommand;
import dev.neurontp.ops.pool.InitCommand;
import dev.neurontp.ops.pool.KillCommand;
import dev.neurontp.ops.pool.LogsCommand;
import dev.neurontp.ops.pool.LsCommand;
import dev.neurontp.ops.pool.PingCommand;
import dev.neurontp.ops.pool.ReloadCommand;
import dev.neurontp.ops.pool.RestartCommand;
import dev.neurontp.ops.pool.SanityCommand;
import dev.neurontp.ops.pool.ShutdownCommand;
import dev.neurontp.ops.pool.StatusCommand;
import dev.neurontp.ops.pool.TopCommand;
import dev.neurontp.ops.pool.WaitCommand;
import dev.neurontp.ops.preflight.PreflightCommand;
import dev.neurontp.ops.up.UpCommand;
import dev.neurontp.ops.validate.ValidateCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The one place where tpctl's commands are registered, in the order of its help. */
final class Commands {
    /** These describe all the others. */
    private static final Set<String> OF_ALL = Set.of("completion", "help", "man");

    private static final Set<String> VERSION = Set.of("--version", "-V");

    private Commands() {}

    /**
     * The one that the first of {@code words} names, by its name, where it needs no other, and none for the version alone; else all of
     * them. To describe them all takes a third of a short command's time.
     */
    static Map<String, Object> named(Terminal terminal, RuntimeFolders folders, StateFolders states, String... words) {
        String word = words.length == 0 ? "" : words[0];
        if (words.length == 1 && VERSION.contains(word)) {
            return Map.of();
        }
        Map<String, Supplier<Object>> all = all(terminal, folders, states);
        Map<String, Object> created = new LinkedHashMap<>();
        if (all.containsKey(word) && !OF_ALL.contains(word)) {
            created.put(word, all.get(word).get());
        } else {
            all.forEach((name, command) -> created.put(name, command.get()));
        }
        return created;
    }

    private static Map<String, Supplier<Object>> all(Terminal terminal, RuntimeFolders folders, StateFolders states) {
        Screen screen = Screen.ofProcess(terminal);
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("demo", () -> new DemoCommand(terminal));
        all.put("doctor", () -> new DoctorCommand(screen, folders, states));
        all.put("preflight", () -> new PreflightCommand(screen));
        all.put("up", () -> new UpCommand(screen, folders, System.in));
        all.put("create", () -> new CreateCommand(screen));
        all.put("apply", () -> new ApplyCommand(screen, System.in));
        all.put("ls", () -> new LsCommand(screen));
        all.put("status", () -> new StatusCommand(screen));
        all.put("describe", () -> new DescribeCommand(screen));
        all.put("top", () -> new TopCommand(screen));
        all.put("devices", () -> new DevicesCommand(screen));
        all.put("wait", () -> new WaitCommand(screen));
        all.put("ping", () -> new PingCommand(screen));
        all.put("init", () -> new InitCommand(screen));
        all.put("sanity", () -> new SanityCommand(screen));
        all.put("restart", () -> new RestartCommand(screen));
        all.put("shutdown", () -> new ShutdownCommand(screen, Confirmation.ofProcess(screen)));
        all.put("kill", () -> new KillCommand(screen, Confirmation.ofProcess(screen)));
        all.put("delete", () -> new DeleteCommand(screen, Confirmation.ofProcess(screen)));
        all.put("events", () -> new EventsCommand(screen));
        all.put("logs", () -> new LogsCommand(screen));
        all.put("reload", () -> new ReloadCommand(screen));
        all.put("dashboard", () -> new DashboardCommand(screen));
        all.put("conformance", () -> new ConformanceCommand(terminal));
        all.put("validate", () -> ValidateCommand.commandLine(screen, folders, states));
        all.put("bench", () -> BenchCommand.commandLine(terminal));
        all.put("completion", () -> new CompletionCommand(screen));
        all.put("man", () -> new ManCommand(screen));
        all.put("help", () -> new HelpCommand(screen));
        all.put("version", () -> new VersionCommand(screen));
        return all;
    }
}
