package dev.neurontp.conformance.mutant;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
        prepare(faults);
        MutantOutput out = new MutantOutput(new FileOutputStream(FileDescriptor.out), faults);
        out.start();
        MutantRequests requests = new MutantRequests(identity, stage, faults);
        int exit = new MutantLoop(stdin(faults), out, requests, faults).run();
        exit(exit);
    }

    private static InputStream stdin(Faults faults) {
        InputStream in = new FileInputStream(FileDescriptor.in);
        return new java.io.BufferedInputStream(in, faults.has("reads-small-pieces") ? 61 : 1 << 16);
    }

    private static void prepare(Faults faults) throws IOException {
        if (faults.has("slow-start")) {
            LockSupport.parkNanos(2_000_000_000L);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> atSignal(faults)));
        if (faults.has("leaves-a-grandchild")) {
            new ProcessBuilder("sleep", "300").inheritIO().start();
        }
        if (faults.has("floods-stderr")) {
            byte[] line = ("x".repeat(199) + "\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 5000; i++) {
                System.err.write(line);
            }
        }
    }

    /** A shutdown hook is the plainest way to do something odd at a signal. */
    private static void atSignal(Faults faults) {
        if (leaving) {
            return;
        }
        if (faults.has("exits-0-at-signals")) {
            Runtime.getRuntime().halt(0);
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
