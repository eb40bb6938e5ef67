package dev.neurontp.harness.process;

import dev.neurontp.worker.os.ThreadLimitException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** At each line of its stdin it starts a child, and says what came of it and what it has as children then. */
final class UnawaitedChildProgram {
    private UnawaitedChildProgram() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(outcome("/dev/null/there-is-none"));
        while (in.readLine() != null) {
            System.out.println(outcome("sleep"));
        }
    }

    private static String outcome(String program) throws Exception {
        String said;
        try {
            ChildProcess.start(new ProcessBuilder(program, "300")).process().destroyForcibly();
            return "started";
        } catch (ThreadLimitException e) {
            said = e.getCause() instanceof OutOfMemoryError ? "unawaited" : "refused";
        } catch (IOException _) {
            return "ready";
        }
        List<ProcStat> children = ProcessTable.read().processes().stream()
                .filter(process -> process.parent() == ProcessHandle.current().pid())
                .toList();
        return said + " " + children;
    }
}
