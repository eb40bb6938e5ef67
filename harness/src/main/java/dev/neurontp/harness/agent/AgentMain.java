package dev.neurontp.harness.agent;

import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.util.List;

/** The program behind {@code neuron --agent}. */
public final class AgentMain {
    private AgentMain() {}

    /** Runs as the arguments say and exits the process with the worker's exit code. */
    public static void main(String[] arguments) throws InterruptedException {
        // Stdout is the worker's. Nothing here may wait for who reads stderr.
        Stderr.takeOver();
        System.setOut(System.err);
        int code = run(arguments);
        Stderr.flush();
        // Without the logging that System.exit brings in, and without hooks: what they would do has been done.
        Runtime.getRuntime().halt(code);
    }

    private static int run(String[] arguments) throws InterruptedException {
        if (List.of(arguments).subList(1, Math.min(2, arguments.length)).contains("--help")) {
            Stderr.say(AgentOptions.HELP.stripTrailing());
            return ExitCode.OK;
        }
        try {
            return new Agent(AgentOptions.parse(arguments)).run();
        } catch (IllegalArgumentException e) {
            Stderr.say("neuron: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (IOException e) {
            Stderr.say("neuron: the worker cannot be started: " + e.getMessage());
            return ExitCode.COULD_NOT_RUN;
        }
    }
}
