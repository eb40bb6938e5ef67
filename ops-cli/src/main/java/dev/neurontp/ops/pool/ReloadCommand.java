package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.NodeView.SettingsReloaded;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Has a daemon read its settings again. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Has the daemon read its settings file again, with the files of its certificate.",
            "Settings that can change are in force at once; of the others it says that they need a restart. Where one setting"
                    + " is refused, nothing changes and the exit code is 1. Pools are left alone."
        })
public final class ReloadCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    ConnectOptions connect;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public ReloadCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        Daemon daemon = connect.oneDaemon();
        JsonNode said = reload(daemon);
        SettingsReloaded reloaded = daemon.read(said, SettingsReloaded.class);
        if (output.json()) {
            screen.line(ApiJson.text(said));
            return ExitCode.OK;
        }
        reloaded.changed().forEach(change -> screen.line(line(change, "")));
        reloaded.needRestart().forEach(change -> screen.line(line(change, "  (needs a restart)")));
        if (reloaded.changed().isEmpty() && reloaded.needRestart().isEmpty()) {
            screen.say("The settings are as they were.");
        }
        return ExitCode.OK;
    }

    private JsonNode reload(Daemon daemon) {
        try {
            return daemon.post("/reload", null, connect.readTimeout());
        } catch (ApiErrorException e) {
            if (!e.is(ErrorType.BUSY)) {
                throw e;
            }
            CommandException busy = ApiErrors.explain(e);
            throw new CommandException(busy.exitCode(), busy.getMessage(), "The settings are as they were.", e);
        }
    }

    private static String line(SettingsReloaded.SettingChange change, String note) {
        return change.name() + " = " + change.after() + "  # was " + change.before() + note;
    }
}
