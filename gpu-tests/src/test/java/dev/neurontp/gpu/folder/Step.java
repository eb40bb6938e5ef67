package dev.neurontp.gpu.folder;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One part of the run.
 *
 * @param output the name of the file for its stdout
 * @param bound how long it may take
 * @param needsGpu whether it says nothing without a GPU
 * @param notRun the exit code with which it says that it could not run here
 */
record Step(
        String name,
        String output,
        Duration bound,
        boolean needsGpu,
        int notRun,
        Map<String, String> environment,
        List<String> command) {
    Step {
        environment = Map.copyOf(environment);
        command = List.copyOf(command);
    }
}
