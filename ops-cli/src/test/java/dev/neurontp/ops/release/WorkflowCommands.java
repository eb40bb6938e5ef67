package dev.neurontp.ops.release;

import java.util.ArrayList;
import java.util.List;

/** Which lines of a step's log GitHub's runner takes for commands. */
final class WorkflowCommands {
    private static final String STOP = "::stop-commands::";

    private WorkflowCommands() {}

    static List<String> of(String log) {
        List<String> commands = new ArrayList<>();
        String token = null;
        for (String raw : log.lines().toList()) {
            String line = raw.strip();
            if (token != null) {
                token = line.equals(token) ? null : token;
            } else if (line.startsWith(STOP)) {
                token = "::" + line.substring(STOP.length()) + "::";
            } else if (line.startsWith("::") || raw.contains("##[")) {
                commands.add(line);
            }
        }
        if (token != null) {
            throw new AssertionError("commands were stopped and never resumed");
        }
        return commands;
    }
}
