package dev.neurontp.ops.create;

import dev.neurontp.harness.api.PoolApplied;
import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.daemon.http.PoolPreview;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says what would be done, and the commands by which it would be done. */
public final class DryRun {
    private static final String NO_LAUNCHER = "# no launcher: its ranks are processes of the daemon's host";

    private DryRun() {}

    /** What a daemon would do, by its answer. */
    static void show(Screen screen, Daemon daemon, JsonNode answer, String name, boolean json) {
        if (json) {
            screen.line(ApiJson.text(
                    ((ObjectNode) answer).put("daemon", daemon.url().toString())));
            return;
        }
        PoolApplied applied = daemon.read(answer, PoolApplied.class);
        screen.line("pool" + (name.isEmpty() ? "" : "/" + name) + " " + applied.result() + " (dry run)");
        StartCommands.show(applied.commands(), screen);
    }

    /**
     * What a daemon of its own with those settings would start.
     *
     * @param fromFile whether the pool stands in a file, and not in options
     * @throws CommandException when it would refuse the request
     */
    public static void showOwn(Screen screen, Settings settings, PoolRequest request, boolean fromFile, boolean json) {
        List<PoolApplied.Commands> commands;
        try {
            commands = PoolPreview.of(settings, NeuronLauncher.neuron(), request);
        } catch (IllegalArgumentException e) {
            throw fromFile
                    ? new CommandException(ExitCode.USAGE, e.getMessage(), "Correct the pool file.", e)
                    : OptionWords.of(e);
        }
        if (json) {
            screen.line(ApiJson.text(Map.of("commands", commands)));
        } else if (commands.isEmpty()) {
            screen.line(NO_LAUNCHER);
        } else {
            StartCommands.show(commands, screen);
        }
    }
}
