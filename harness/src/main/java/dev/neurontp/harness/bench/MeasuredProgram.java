package dev.neurontp.harness.bench;

import dev.neurontp.harness.process.WorkerCommand;
import dev.neurontp.worker.comm.RankIdentity;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that answers each line that it reads.
 *
 * @param name for the reader of a result
 * @param line its whole command line
 * @param speaks whether it is a worker: its replies are pongs, and it leaves when it is asked to
 */
record MeasuredProgram(String name, List<String> line, boolean speaks) {
    /** Of each worker. */
    static final RankIdentity RANK = new RankIdentity(1, 2, 1);

    MeasuredProgram {
        line = List.copyOf(line);
    }

    /** A worker's command, which gets the arguments of a rank. */
    static MeasuredProgram worker(String name, List<String> command) {
        List<String> words = WorkerCommand.of(command).words();
        return new MeasuredProgram(
                name,
                Stream.concat(words.stream(), WorkerCommand.arguments(RANK).stream())
                        .toList(),
                true);
    }
}
