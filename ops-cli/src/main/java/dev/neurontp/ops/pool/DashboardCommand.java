package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.NodeView;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints a link that opens the daemon's page once, and opens it where there is a browser. */
@Command(
        name = "dashboard",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a link to the daemon's page in a browser, and opens it where stdout is a terminal and there is a display.",
            "The link works once and within a minute. The page shows pools, ranks, devices and events, and changes nothing. From"
                    + " another host: ssh -L 13131:127.0.0.1:13131 HOST, then open the link there."
        })
public final class DashboardCommand implements Callable<Integer> {
    private final Screen screen;

    @Option(names = "--no-open", description = "Print the link only.")
    boolean printOnly;

    @Mixin
    ConnectOptions connect;

    /** Prints to {@code screen}. */
    public DashboardCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        Daemon daemon = connect.oneDaemon();
        NodeView.DashboardLink link =
                daemon.read(daemon.post("/dashboard/links", null, connect.readTimeout()), NodeView.DashboardLink.class);
        String url = daemon.url() + link.path();
        screen.line(url);
        screen.say("It works once, within " + link.expiresS() + " s.");
        if (!printOnly && screen.terminal().live() && hasDisplay(System.getenv())) {
            open(url);
        }
        return ExitCode.OK;
    }

    private static boolean hasDisplay(Map<String, String> environment) {
        return List.of("DISPLAY", "WAYLAND_DISPLAY").stream()
                .anyMatch(name -> !environment.getOrDefault(name, "").isEmpty());
    }

    private void open(String url) {
        try {
            ChildProcess.start(new ProcessBuilder("xdg-open", url)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD));
        } catch (IOException e) {
            screen.say("No browser was opened (" + e.getMessage() + "): open the link in one.");
        }
    }
}
