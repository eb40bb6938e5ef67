package dev.neurontp.worker;

import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorKind;
import dev.neurontp.worker.comm.Communicators;
import dev.neurontp.worker.comm.Rendezvous;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Short lives of a worker in one process. The build runs it to make the AOT cache: what is loaded and linked here, a
 * worker finds ready at its start.
 */
final class AotTraining {
    private static final int STDOUT = 3;

    private AotTraining() {}

    /** Serves a group of one of each kind, then whatever stands on stdin. */
    public static void main(String[] arguments) throws CommunicatorException, InterruptedException, IOException {
        try (Rendezvous rendezvous = Communicators.serve(CommunicatorKind.LOOPBACK)) {
            for (CommunicatorKind kind : CommunicatorKind.values()) {
                live(kind, rendezvous.commId());
            }
        }
        new Descriptor(STDOUT).outputStream().write(new byte[0]);
        WorkerMain.main(new String[] {"--worker", "--rank", "0", "--tp-size=1", "--cuda-device", "0"});
    }

    private static void live(CommunicatorKind kind, String commId) throws InterruptedException {
        Log log = Log.toStderr(Log.Level.DEBUG, "training");
        RankIdentity identity = new RankIdentity(0, 1, 0);
        Rank rank = new Rank(identity, Stage.S7A_II, Communicators.open(kind, identity), log);
        Ending ending = new Ending(rank, Ending.Bounds.DEFAULT, Runtime.getRuntime()::halt, log);
        String requests = """
                {"op":"ping"}
                {"op":"nccl_sanity_check"}
                {"op":"init","comm_id":"%s"}
                {"op":"nccl_sanity_check"}
                {"op":"no_such_op"}
                no json
                {"op":"shutdown"}
                """.replace("%s", commId);
        ByteArrayInputStream stdin = new ByteArrayInputStream(requests.getBytes(StandardCharsets.UTF_8));
        new ServeLoop(stdin, OutputStream::nullOutputStream, rank, ending, () -> false, log).run();
        ending.finish();
    }
}
