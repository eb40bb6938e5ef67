/** The one-shot check of a group: spawn, ping, init, sanity, shutdown. */
package dev.neurontp.harness.smoke;
