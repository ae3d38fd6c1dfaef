/* stage.pml -- the last two reports of a stage, applied by two coordinators at once; report 0 is also sent twice.
 * V 0 count the nopen tasks inside the transaction (snapshot read or READ COMMITTED: uncommitted work of the other is not seen)
 *   1 commit, then count, then create (two transactions)
 *   2 in-place counter on the job row, row lock held to commit (one writer node), tied to the task's compare-and-set
 *   3 the same on several writer nodes: local copy, certification on the job row at commit, whole-transaction retry
 *   4 like 2 but the decrement is not tied to the compare-and-set
 * UNIQ 1: the nxt stage's row has a deterministic unique key (job, kind, ordinal)   SWEEP 1: janitor advances a job whose tasks are all done
 * KILL: coordinator may be killed once between its transactions (the worker repeats the report elsewhere) */
#ifndef V
#define V 3
#endif
#ifndef UNIQ
#define UNIQ 0
#endif
#ifndef SWEEP
#define SWEEP 0
#endif
#ifndef KILL
#define KILL 1
#endif
bool done[2];          /* committed task rows */
byte nopen = 2;         /* committed counter on the job row */
byte ver;              /* version of the job row, for certification */
byte nxt;             /* rows of the nxt stage */
byte lock;             /* row lock on the job row (V 2, 4) */
byte nkill; byte fin;
#define CREATE(c) if :: UNIQ && nxt>0 -> skip :: else -> nxt++; printf("C%d creates the nxt stage\n",c) fi; assert(nxt<2 && done[0] && done[1])

proctype Coord(byte id; byte t) {
  byte o, v; bool ch;
again:
#if V==0
  atomic { ch=!done[t]; o=(!done[0])+(!done[1]); if :: ch -> o-- :: else fi; printf("C%d reads inside its transaction: %d nopen\n",id,o) };
  atomic { if :: ch && !done[t] -> done[t]=true; if :: o==0 -> CREATE(id) :: else fi; printf("C%d commits report %d\n",id,t) :: else fi }
#elif V==1
  atomic { ch=!done[t]; done[t]=true; printf("C%d commits report %d\n",id,t) };
  if
  :: atomic { nkill<KILL -> nkill++; printf("C%d is killed\n",id) }; goto again
  :: skip
  fi;
  atomic { o=(!done[0])+(!done[1]) ; printf("C%d counts %d nopen\n",id,o) };
  atomic { if :: ch && o==0 -> CREATE(id) :: else fi }
#elif V==2 || V==4
  atomic { lock==0 -> lock=id };
  atomic { ch=!done[t]; o=nopen; if :: ch || V==4 -> o-- :: else fi };
  if
  :: atomic { nkill<KILL -> nkill++; lock=0 }; goto again                   /* rolled back */
  :: atomic { done[t]=true; nopen=o; if :: (ch || V==4) && o==0 -> CREATE(id) :: else fi; lock=0; printf("C%d commits report %d, nopen=%d\n",id,t,nopen) }
  fi
#else
  atomic { ch=!done[t]; o=nopen; v=ver; if :: ch -> o-- :: else fi };
  if
  :: atomic { nkill<KILL -> nkill++ }; goto again
  :: atomic { ch && ver!=v -> printf("C%d: 1213, retries the whole transaction\n",id) }; goto again
  :: atomic { ch && ver==v -> done[t]=true; nopen=o; ver++; if :: o==0 -> CREATE(id) :: else fi; printf("C%d commits report %d, nopen=%d\n",id,t,nopen) }
  :: !ch -> skip
  fi
#endif
  ; atomic { fin++ }
}
proctype Sweep() {
#if SWEEP
  atomic { done[0] && done[1] && nxt==0 && fin==3 -> CREATE(9) }
#else
  skip
#endif
}
init { atomic { run Coord(1,0); run Coord(2,1); run Coord(3,0); run Sweep() } }
#ifdef LIVE   /* a claim that is there is searched along, also for assertions: only what it forbids would be looked at */
ltl created { <> (nxt==1) }
#endif
