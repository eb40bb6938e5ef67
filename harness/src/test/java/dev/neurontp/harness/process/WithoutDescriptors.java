package dev.neurontp.harness.process;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A program that takes all its descriptors, and then says what it sees of a child that lives and of one that has ended. */
final class WithoutDescriptors {
    private static final List<Closeable> TAKEN = new ArrayList<>();

    private WithoutDescriptors() {}

    public static void main(String[] args) throws Exception {
        ChildProcess lives = ChildProcess.start(new ProcessBuilder("sleep", "600"));
        ChildProcess ended = ChildProcess.start(new ProcessBuilder("true"));
        ProcessIdentity live = ProcessIdentity.ofKnown(lives.process().pid());
        ProcessIdentity over = ProcessIdentity.ofKnown(ended.process().pid());
        ended.process().waitFor();
        LeftBehind left = new LeftBehind();
        // All classes that are used below have to be there before.
        System.out.println("before " + look(live, over, left) + left.unseen());
        take();
        String seen = look(live, over, left);
        left.end(table -> lives.leftBehind(live, table));
        seen += left.unseen().isPresent();
        for (Closeable one : TAKEN) {
            one.close();
        }
        System.out.println("without " + seen);
        lives.process().destroyForcibly();
    }

    private static String look(ProcessIdentity live, ProcessIdentity over, LeftBehind left) throws Exception {
        boolean stopped = live.stopped();
        ProcessIdentity unknown = ProcessIdentity.ofThisBoot(live.pid(), -1);
        left.end(_ -> List.of());
        return "children=" + LiveChildren.any() + " gone=" + live.gone() + ',' + unknown.gone() + ',' + over.gone()
                + " stopped=" + stopped + " unseen="
                + ProcessTable.read().unseen().isPresent() + ',';
    }

    private static void take() {
        try {
            while (true) {
                TAKEN.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) {
            // That was the last one.
        }
    }
}
