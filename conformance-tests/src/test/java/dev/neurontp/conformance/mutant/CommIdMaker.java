package dev.neurontp.conformance.mutant;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Prints a comm_id and serves it until its stdin closes; the folder where ranks meet needs no server. */
public final class CommIdMaker {

    private CommIdMaker() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        byte[] id = new byte[128];
        new SecureRandom().nextBytes(id);
        System.out.println(HexFormat.of().formatHex(id));
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
}
