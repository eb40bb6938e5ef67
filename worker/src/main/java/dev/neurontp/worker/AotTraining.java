package dev.neurontp.worker;

import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.os.SocketTraining;
import dev.neurontp.worker.os.Stderr;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What the AOT caches of workers are trained with: the way to the first pong, and for those with one communicator a group of one, in one
 * process. The build runs it; what is loaded and linked here, those workers find ready.
 */
final class AotTraining {
    /** A worker before its init. */
    private static final String PLAIN = "plain";

    private AotTraining() {}

    /**
     * With the name of a communicator it runs as a worker with that one, with {@code plain} as one that is never told to init; without a name
     * it prints the communicators that it can run with.
     */
    public static void main(String[] arguments) throws CommunicatorException, InterruptedException, IOException {
        if (arguments.length == 0) {
            printTrainable();
            return;
        }
        SocketTraining.run();
        refuse();
        if (arguments[0].equals(PLAIN)) {
            WorkerMain.main(new String[] {"--worker", "--rank", "0", "--tp-size=1"});
            return;
        }
        CommunicatorProvider communicator = Communicators.named("the argument", arguments[0]);
        try (Rendezvous rendezvous = communicator.serve(System.getenv())) {
            live(communicator, rendezvous.commId());
        }
        WorkerMain.main(new String[] {"--worker", "--communicator", communicator.name()});
    }

    /** A judge starts a worker dozens of times to see what it refuses. */
    private static void refuse() {
        try {
            CommandLineParser.parse(new String[] {"--worker", "--rank", "x"}, Map.of());
        } catch (UsageException e) {
            Stderr.say(e.getMessage());
        }
    }

    /** The build's host need not have a GPU. */
    private static void printTrainable() {
        for (String name : Communicators.names()) {
            if (!Communicators.named("the name", name).needsGpu()) {
                System.out.println(name);
            }
        }
    }

    private static void live(CommunicatorProvider communicator, String commId) throws InterruptedException {
        Log log = Log.toStderr(Log.Level.DEBUG, "training");
        RankIdentity identity = new RankIdentity(0, 1, 0);
        Rank rank = new Rank(identity, Stage.S7A_II, communicator.open(identity, System.getenv()), log);
        ShutdownWatchdog ending = new ShutdownWatchdog(
                rank, ShutdownWatchdog.Bounds.DEFAULT, () -> false, Runtime.getRuntime()::halt, log);
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
