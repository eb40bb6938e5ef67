/** What helps to use tpctl: completion for shells, pages for man. Both are made from the commands themselves. */
package dev.neurontp.ops.help;
