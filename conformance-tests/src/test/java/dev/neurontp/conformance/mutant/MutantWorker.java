package dev.neurontp.conformance.mutant;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A worker written for the tests of the suite, with wire code of its own. {@code --faults a,b} makes it wrong, or
 * harmlessly different, in those ways; without any it keeps every rule.
 */
public final class MutantWorker {

    private static volatile boolean leaving;

    private MutantWorker() {}

    /** Runs it: {@code [--faults a,b] [--stage S] --worker ...}. */
    public static void main(String[] args) throws IOException {
        List<String> left = new ArrayList<>(Arrays.asList(args));
        Faults faults = new Faults(Set.of(own(left, "--faults", "").split(",")));
        String stage = own(left, "--stage", "7a-i");
        MutantArguments identity;
        try {
            identity = MutantArguments.parse(left, faults);
        } catch (MutantArguments.Refused e) {
            System.exit(e.exit(faults));
            return;
        }
        if (identity == null) {
            System.exit(0);
        }
        if (faults.has("forks-and-waits")) {
            exit(Habits.forkAndWait(args));
        }
        prepare(faults);
        MutantOutput out = new MutantOutput(new FileOutputStream(FileDescriptor.out), faults);
        out.start();
        MutantRequests requests = new MutantRequests(identity, stage, faults);
        InputStream in = stdin(faults);
        exit(Habits.withStack(faults, () -> new MutantLoop(in, out, requests, faults).run()));
    }

    private static InputStream stdin(Faults faults) throws IOException {
        InputStream in = new FileInputStream(FileDescriptor.in);
        if (faults.has("reads-ahead")) {
            return Habits.readAhead(in);
        }
        int size = faults.has("reads-small-pieces") ? 61 : faults.has("reads-large-pieces") ? 1 << 20 : 1 << 16;
        return new java.io.BufferedInputStream(in, size);
    }

    private static void prepare(Faults faults) throws IOException {
        if (faults.has("slow-start")) {
            LockSupport.parkNanos(1_000_000_000L);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> atSignal(faults)));
        if (faults.has("leaves-a-grandchild")) {
            new ProcessBuilder("sleep", "300").inheritIO().start();
        }
        if (faults.has("has-a-helper")) {
            Habits.helper();
        }
        if (faults.has("floods-stderr")) {
            Habits.floodStderr();
        }
        if (faults.has("closes-stderr")) {
            new FileOutputStream(FileDescriptor.err).close();
        }
    }

    /** A shutdown hook is the plainest way to do something odd at a signal. */
    private static void atSignal(Faults faults) {
        if (leaving) {
            return;
        }
        if (faults.has("log-at-signal")) {
            System.out.println("INFO worker was told to end");
        }
        if (faults.has("exits-0-at-signals")) {
            Runtime.getRuntime().halt(0);
        }
        if (faults.has("slow-at-signals")) {
            LockSupport.parkNanos(700_000_000L);
        }
        while (faults.has("survives-signals")) {
            LockSupport.park();
        }
    }

    static void exit(int code) {
        leaving = true;
        System.exit(code);
    }

    private static String own(List<String> args, String name, String otherwise) {
        int at = args.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        args.remove(at);
        return args.remove(at);
    }

    /** Where ranks of one group meet in the tests. */
    static Path meetingPlace(String commId) {
        return Path.of(System.getProperty("java.io.tmpdir"), "mutant-group-" + commId.substring(0, 24));
    }
}
