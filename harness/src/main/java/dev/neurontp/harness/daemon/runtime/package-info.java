/** The folder that a user's daemons share: who lives, the token, what the next start has to clean up. */
package dev.neurontp.harness.daemon.runtime;
