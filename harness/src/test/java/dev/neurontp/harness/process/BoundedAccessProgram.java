package dev.neurontp.harness.process;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A program with one bounded access: at each line of its stdin it says what came of as many as that line asks for. */
final class BoundedAccessProgram {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private BoundedAccessProgram() {}

    public static void main(String[] arguments) throws Exception {
        BoundedAccess access = new BoundedAccess("access", 2);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // What it needs is loaded before it may need a thread.
        System.out.println(outcome(access));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            for (int i = 0; i < Integer.parseInt(line); i++) {
                System.out.println(outcome(access));
            }
        }
    }

    private static String outcome(BoundedAccess access) throws InterruptedException {
        try {
            return access.within(BOUND, Duration.ZERO, () -> "done");
        } catch (Exception e) {
            return e.toString();
        }
    }
}
