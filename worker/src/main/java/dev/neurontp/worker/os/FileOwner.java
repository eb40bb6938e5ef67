package dev.neurontp.worker.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Whose a file is, by the number of its user. Any thread may call. */
public final class FileOwner {
    private FileOwner() {}

    /** Of that file, or of the folder that is there nearest above it; links are followed. */
    public static int ofNearest(Path file) throws IOException {
        Path nearest = file.toAbsolutePath();
        while (Files.notExists(nearest, LinkOption.NOFOLLOW_LINKS) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        return (Integer) Files.getAttribute(nearest, "unix:uid");
    }
}
