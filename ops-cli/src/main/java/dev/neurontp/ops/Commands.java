package dev.neurontp.ops;

import dev.neurontp.ops.bench.BenchCommand;
import dev.neurontp.ops.conformance.ConformanceCommand;
import dev.neurontp.ops.demo.DemoCommand;
import dev.neurontp.ops.help.CompletionCommand;
import dev.neurontp.ops.help.ManCommand;
import dev.neurontp.ops.pool.EventsCommand;
import dev.neurontp.ops.pool.InitCommand;
import dev.neurontp.ops.pool.KillCommand;
import dev.neurontp.ops.pool.LogsCommand;
import dev.neurontp.ops.pool.LsCommand;
import dev.neurontp.ops.pool.PingCommand;
import dev.neurontp.ops.pool.SanityCommand;
import dev.neurontp.ops.pool.ShutdownCommand;
import dev.neurontp.ops.pool.StatusCommand;
import dev.neurontp.ops.text.Screen;
import dev.neurontp.ops.up.UpCommand;
import java.util.List;

/** The one place where tpctl's commands are registered, in the order of its help. */
final class Commands {
    private Commands() {}

    static List<Object> all(Terminal terminal) {
        Screen screen = Screen.ofProcess(terminal);
        return List.of(
                new DemoCommand(terminal),
                new UpCommand(screen),
                new LsCommand(screen),
                new StatusCommand(screen),
                new PingCommand(screen),
                new InitCommand(screen),
                new SanityCommand(screen),
                new ShutdownCommand(screen),
                new KillCommand(screen),
                new EventsCommand(screen),
                new LogsCommand(screen),
                new ConformanceCommand(terminal),
                BenchCommand.commandLine(terminal),
                new CompletionCommand(screen),
                new ManCommand(screen));
    }
}
