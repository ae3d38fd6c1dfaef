/* publish.pml -- one task that ends in one file under one final name: claim, commit, publish, report, settle, cancel.
 * One database (every transaction is one atomic step), two workers (asynchronous: a pause or SIGSTOP of any length is an
 * interleaving) with a journal each, a queue that loses and doubles, a janitor, leases that run out at any moment.
 * The defaults are what the code does: shared/db/transactions/{claim-task,commit-attempt,report-attempt,expire-leases,
 * offer-publications,release-former-instances}.ts, services/worker/{commit-and-publish,replay-journal}.ts and
 * shared/storage/publish-part.ts. Every other value takes one rule away.
 *
 * MODE   2 commit is a recorded decision (running -> committing, winner stored)   1 a check only (204/409, nothing recorded)
 *        0 none: the worker renames when it believes that it holds the lease
 * JC     what happens to a committing attempt whose lease ran out: 2 it is offered, a settler finishes the recorded
 *        publication   0 nothing   1 requeued as a new attempt   3 as 1, and the new attempt unlinks older parts
 * CC     cancel while committing: 0 refused   1 taken, and forced by the janitor
 * REV    1 an expired attempt that nobody claimed over may go on   0 its lease is its end
 * REPEAT 1 a commit that is asked again is told again what it was told   0 zero rows changed means fenced
 * FENCE  1 whoever holds the decision first unlinks the other attempts' parts   0 nobody does
 * LINK   1 publish = link(part, final), EEXIST with the same inode is success (overwrite:false)   0 = rename
 * LOOKS  how often a settler looks before it takes the decision back
 * JOURNAL 1 a killed worker goes on with what it wrote down, then releases what it held   0 it forgets
 * OVF    1 the output's existence is checked when an attempt starts   0 it is not (only probe and submit do)
 * Faults: CRASH kills, EXP leases that run out under a live worker, LOSS and DUP of queue tokens, LOST replies to commit,
 *   STALE looks answered from an old cache, GIVE attempts given back by a worker that is told to stop, DBLOSS: once the
 *   database forgets its last acknowledged transaction, STRANGER: somebody else's file appears under the final name,
 *   BADPERM: worker 1 may stay dead for ever, CANCEL by the client at any moment, NUMNAME: parts named by number. */
#ifndef MODE
#define MODE 2
#endif
#ifndef JC
#define JC 2
#endif
#ifndef CC
#define CC 0
#endif
#ifndef REV
#define REV 1
#endif
#ifndef REPEAT
#define REPEAT 1
#endif
#ifndef FENCE
#define FENCE 1
#endif
#ifndef LINK
#define LINK 0
#endif
#ifndef LOOKS
#define LOOKS 2
#endif
#ifndef JOURNAL
#define JOURNAL 1
#endif
#ifndef OVF
#define OVF 0
#endif
#ifndef CRASH
#define CRASH 1
#endif
#ifndef EXP
#define EXP 1
#endif
#ifndef LOSS
#define LOSS 1
#endif
#ifndef DUP
#define DUP 1
#endif
#ifndef LOST
#define LOST 1
#endif
#ifndef STALE
#define STALE 0
#endif
#ifndef GIVE
#define GIVE 0
#endif
#ifndef DBLOSS
#define DBLOSS 0
#endif
#ifndef STRANGER
#define STRANGER 0
#endif
#ifndef BADPERM
#define BADPERM 0
#endif
#ifndef CANCEL
#define CANCEL 1
#endif
#ifndef NUMNAME
#define NUMNAME 0
#endif
#define MAXU 8
#define PARTIAL 100
#define THEIRS 99                /* somebody else's file */
#define SETTLER(id) (50 + (id))  /* the token of a settler's claim: one at a time per worker is enough to tell them apart */

mtype = { PENDING, RUNNING, COMMITTING, COMPLETED, CANCELING, CANCELED, FAILED };
mtype st = PENDING;
byte att, tok, own, win;     /* row: number of the last attempt, token of the holder, its worker, the recorded winner */
bool offer;                  /* row: committing, and offered to settlers */
byte uid;                    /* source of fresh tokens */
byte part[MAXU];             /* part[name]: whose bytes it holds, PARTIAL while it is being written, 0 absent */
byte final;                  /* whose bytes the final name shows */
byte q = 1;                  /* tokens in the broker */
byte journal[3];             /* what a worker has written down: the attempt that it asks commit for */
byte ncrash, nexp, nloss, ndup, nask, nstale, ngive, ndbloss, nstranger;
bool act[MAXU + 50];         /* ghost: a live worker works under this token */
mtype pst = PENDING; byte patt, ptok, pown, pwin; bool poffer;   /* the row before, for DBLOSS */
#if DBLOSS
#define SAVE  pst=st; patt=att; ptok=tok; pown=own; pwin=win; poffer=offer
#else
#define SAVE  skip
#endif
#define TERM  (st==COMPLETED || st==CANCELED || st==FAILED)
#define OVER  (TERM && (!DBLOSS || ndbloss>0))     /* processes stay while the database may still forget */
#define BIT(x) (1<<(x))
#if NUMNAME
#define NAME no
#else
#define NAME my
#endif

/* P1 */
#ifdef P_WINNER    /* only what the row names as winner at that instant is published */
# if MODE==2
#  define ATPUBLISH(w) assert((st==COMMITTING || st==COMPLETED) && win==w)
# else
#  define ATPUBLISH(w) assert((st==RUNNING && tok==w) || (st==COMPLETED && win==w))
# endif
#elif defined(P_CANCEL) /* nothing is published after canceled */
# define ATPUBLISH(w) assert(st!=CANCELED)
#else
# define ATPUBLISH(w) skip
#endif
/* P2, P3b, P5 */
#ifdef P_FILE      /* what the row says of the file is so, whenever row or file change */
# define CHECK assert(!(st==COMPLETED && (final!=win || final==0)) && !(st==CANCELED && final!=0 && final!=THEIRS) && !(st==FAILED && final!=0 && final!=THEIRS))
#elif defined(P_DONE)   /* completed => the final name shows the winner's file, whole, now and later */
# define CHECK assert(!(st==COMPLETED && (final!=win || final==0)))
#elif defined(P_CANCELFILE) /* canceled => none of its files is there */
# define CHECK assert(!(st==CANCELED && final!=0 && final!=THEIRS))
#elif defined(P_FAILFILE)   /* output_exists is never said of the job's own file */
# define CHECK assert(!(st==FAILED && final!=0 && final!=THEIRS))
#elif defined(P_WHOLE)      /* no half written file */
# define CHECK assert(final<PARTIAL)
#else
# define CHECK skip
#endif

#if BADPERM
#define RESTART  if :: id==1 -> goto end :: goto restart fi
#else
#define RESTART  goto restart
#endif
#define IDLE  act[my]=0; act[SETTLER(id)]=0; act[0]=0
#define DIE   atomic { ncrash<CRASH -> ncrash++; printf("W%d is killed\n",id); IDLE }; RESTART
#define LEAVE atomic { IDLE; journal[id]=0 }; goto idle
#define FREE  (q<2->q+1:q)
/* one directory listing, then one unlink after the other */
#define UNLINK_OTHERS(keep) \
  atomic { i=1; lst=0; do :: i<MAXU -> if :: i!=keep && part[i]!=0 -> lst=lst|BIT(i) :: else fi; i++ :: else -> break od; i=1 }; \
  do \
  :: atomic { i<MAXU && lst!=0 -> if :: (lst&BIT(i)) -> part[i]=0; lst=lst&~BIT(i); printf("W%d unlinks part %d\n",id,i) :: else fi; i++ } \
  :: else -> break \
  od; i=0

proctype Worker(byte id) {
  byte my, no, w, i, lst, looks; bool ok;
restart:
  atomic { my=0; w=0; ok=0; i=0; lst=0; looks=0;
    if
    :: JOURNAL && journal[id]!=0 -> my=journal[id]; no=my; act[my]=1; printf("W%d replays its journal: token %d\n",id,my)
    :: else -> skip
    fi };
  if
  :: my!=0 -> goto commit
  :: else -> skip
  fi;
idle:
  my=0; w=0; no=0; ok=0; i=0; lst=0; looks=0;
#if JOURNAL   /* registers: what a former life still holds is released */
  atomic { if
    :: own==id && tok!=0 && !act[tok] && (st==RUNNING || st==PENDING) -> SAVE; if :: st==RUNNING -> q=FREE :: else fi; st=PENDING; tok=0; own=0; printf("W%d registers, its task is free\n",id)
    :: own==id && st==COMMITTING && !offer && !act[tok] && JC==2 -> SAVE; offer=1; q=FREE; printf("W%d registers, its publication is offered\n",id)
    :: else -> skip
    fi };
#endif
  do
  :: atomic { q>0 && !TERM -> q--;                         /* delivery and claim, one compare-and-set */
       if
       :: st==PENDING -> SAVE; uid++; att++; tok=uid; own=id; st=RUNNING; my=uid; no=att; act[my]=1; printf("W%d claims: attempt %d, token %d\n",id,no,my)
       :: st==COMMITTING && offer -> SAVE; offer=0; w=win; tok=SETTLER(id); own=id; act[tok]=1; printf("W%d claims the settling of token %d\n",id,w)
       :: else -> skip                                       /* a token without a task is dropped */
       fi };
       if
       :: my>0 -> goto work
       :: w>0 -> goto settle
       :: else -> skip
       fi
  :: OVER -> goto end
  od;
work:
#if OVF
  if
  :: atomic { final!=0 && st==RUNNING && tok==my -> SAVE; st=FAILED; printf("W%d: the output exists, failed\n",id); CHECK }; LEAVE
  :: else -> skip
  fi;
#endif
  atomic { part[NAME]=PARTIAL; printf("W%d opens part %d\n",id,NAME) };
  if
  :: atomic { part[NAME]=my; journal[id]=my; printf("W%d has finished and verified part %d\n",id,NAME) }
  :: atomic { ngive<GIVE -> ngive++; part[NAME]=0;          /* told to stop: interrupted, not counted */
       if :: tok==my && (st==RUNNING || st==PENDING) -> SAVE; st=PENDING; tok=0; own=0; q=FREE :: tok==my && st==CANCELING -> SAVE; st=CANCELED; CHECK :: else fi;
       printf("W%d gives token %d back\n",id,my) }; LEAVE
  :: DIE
  fi;
commit:
  ok=0;
  if
  :: atomic { st==CANCELING && tok==my -> SAVE; st=CANCELED; part[NAME]=0; printf("W%d confirms canceled\n",id); CHECK }; LEAVE
  :: atomic {
#if MODE==0
       ok=1
#elif MODE==1
       ok = (st==RUNNING && tok==my)
#else
       if
       :: (st==RUNNING || (REV && st==PENDING)) && tok==my -> SAVE; st=COMMITTING; win=my; offer=0; ok=1
       :: REPEAT && (st==COMMITTING || st==COMPLETED) && win==my -> ok=1
       :: else -> ok=0
       fi
#endif
     ; printf("W%d commit -> %d (row: %e)\n",id,ok,st) }
#if MODE==2
  :: atomic { nask<LOST -> nask++;                          /* the reply is lost after the row was changed: asked again */
       if
       :: (st==RUNNING || (REV && st==PENDING)) && tok==my -> SAVE; st=COMMITTING; win=my; offer=0
       :: else
       fi;
       printf("W%d commit: reply lost (row: %e)\n",id,st) }; goto commit
#endif
  :: DIE
  fi;
  if
  :: !ok -> atomic { part[NAME]=0; printf("W%d is fenced, removes its part\n",id) }; LEAVE
  :: else
  fi;
  if
  :: skip
  :: DIE
  fi;
  w=my;
#if FENCE || JC==3
  if :: part[NAME]!=0 -> UNLINK_OTHERS(NAME) :: else fi;
#endif
publish:                                                    /* publish-part.ts, for the winner itself */
  atomic {
    if
#if LINK
    :: part[NAME]!=0 && final==0 -> printf("W%d LINKS token %d (row: %e, winner %d)\n",id,my,st,win); final=part[NAME]; ATPUBLISH(my); CHECK
    :: part[NAME]!=0 && final!=0 -> printf("W%d link: EEXIST\n",id)
#else
    :: part[NAME]!=0 -> printf("W%d RENAMES token %d (row: %e, winner %d)\n",id,my,st,win); final=part[NAME]; part[NAME]=0; ATPUBLISH(my); CHECK
#endif
    :: else -> printf("W%d finds no part, final is %d\n",id,final)
    fi };
  if
  :: skip
  :: DIE
  fi;
  ok=(final==my);
  if
  :: ok -> part[NAME]=0
  :: else
  fi;
  if
  :: ok -> skip
#if LINK
  :: !ok && part[NAME]!=0 && final!=0 -> goto refuse
#endif
  :: !ok && !(LINK && part[NAME]!=0 && final!=0) ->          /* left to others: the decision stands */
     atomic { if :: st==COMMITTING && tok==my && JC==2 -> SAVE; offer=1; q=FREE :: else fi; printf("W%d leaves the publication\n",id) }; LEAVE
  fi;
  if
  :: skip
  :: DIE
  fi;
  atomic {
#if MODE==2
    if :: st==COMMITTING && win==my -> SAVE; st=COMPLETED; printf("W%d reports done: completed\n",id); CHECK :: else -> printf("W%d reports done: known or fenced\n",id) fi
#else
    if :: st==RUNNING && tok==my -> SAVE; st=COMPLETED; win=my; printf("W%d reports done: completed\n",id); CHECK :: else -> printf("W%d report: 409\n",id) fi
#endif
  };
  LEAVE;
#if LINK
refuse:                                                     /* only the present holder may say that the name is taken */
  atomic { if :: st==COMMITTING && ((w==my && tok==my) || (w!=my && tok==SETTLER(id))) -> SAVE; st=FAILED; printf("W%d: output_exists, failed\n",id); CHECK :: else fi };
  LEAVE;
#endif
settle:                                                     /* publish-part.ts, on behalf of the winner w */
#if JC==2
#if FENCE
  if :: part[w]!=0 -> UNLINK_OTHERS(w) :: else fi;
#endif
again:
  if
  :: atomic {
       if
#if LINK
       :: part[w]!=0 && final==0 -> printf("W%d settles: LINKS token %d\n",id,w); final=part[w]; ATPUBLISH(w); CHECK
#else
       :: part[w]!=0 -> printf("W%d settles: RENAMES token %d\n",id,w); final=part[w]; part[w]=0; ATPUBLISH(w); CHECK
#endif
       :: else -> skip
       fi }
  :: DIE
  fi;
  atomic { ok=(final==w); looks++;
    if
    :: ok && nstale<STALE -> nstale++; ok=0; printf("W%d looks through a stale cache: not there\n",id)
    :: skip
    fi };
  if
  :: ok -> part[w]=0
#if LINK
  :: !ok && part[w]!=0 && final!=0 && final!=w -> goto refuse
#endif
  :: !ok && looks<LOOKS && !(LINK && part[w]!=0 && final!=0 && final!=w) -> goto again
  :: !ok && looks>=LOOKS && !(LINK && part[w]!=0 && final!=0 && final!=w) -> skip
  fi;
  if
  :: atomic { ok -> if :: st==COMMITTING && win==w -> SAVE; st=COMPLETED; printf("W%d settles: completed\n",id); CHECK :: else fi }
  :: atomic { !ok -> if :: st==COMMITTING && tok==SETTLER(id) -> SAVE; st=PENDING; win=0; tok=0; own=0; q=FREE; printf("W%d takes the decision back: nothing is there\n",id) :: else fi }
  :: DIE
  fi;
#endif
  LEAVE;
end:
  skip
}

/* the lease of a dead holder always runs out; that of a live one EXP times at most */
#define BUDGET (!act[tok] || nexp<EXP)
#define SPEND  if :: act[tok] -> nexp++ :: else fi
proctype Janitor() {
  do
  :: atomic { st==RUNNING && BUDGET -> SPEND; SAVE; st=PENDING; q=FREE;
       if :: !REV -> tok=0; own=0 :: else fi; printf("janitor: the lease of token %d ran out\n",tok) }
#if JC==1 || JC==3
  :: atomic { st==COMMITTING && BUDGET -> SPEND; SAVE; st=PENDING; win=0; tok=0; q=FREE; printf("janitor: a committing attempt ran out, requeued\n") }
#endif
#if JC==2
  :: atomic { st==COMMITTING && !offer && BUDGET -> SPEND; SAVE; offer=1; q=FREE; printf("janitor: the publication of token %d is offered\n",win) }
#endif
  :: atomic { st==CANCELING -> SAVE; st=CANCELED; printf("janitor: forces canceled\n"); CHECK }
  :: atomic { q==0 && (st==PENDING || (st==COMMITTING && offer)) -> q++; printf("janitor: reconcile publishes a token\n") }
  :: OVER -> break
  od
}

proctype Env() {
  do
  :: atomic { q>0 && nloss<LOSS -> nloss++; q--; printf("queue loses a token\n") }
  :: atomic { q==1 && ndup<DUP -> ndup++; q++; printf("queue doubles a token\n") }
#if STRANGER
  :: atomic { final==0 && nstranger<STRANGER -> nstranger++; final=THEIRS; printf("somebody else puts a file under the final name\n") }
#endif
#if DBLOSS
  :: ndbloss<1 -> ndbloss++
  :: atomic { ndbloss<1 && (pst!=st || ptok!=tok || pwin!=win || poffer!=offer) -> ndbloss++; st=pst; att=patt; tok=ptok; own=pown; win=pwin; offer=poffer; printf("database forgets its last transaction (row: %e, token %d, winner %d)\n",st,tok,win) }
#endif
  :: OVER -> break
  :: nloss==LOSS && ndup==DUP && !DBLOSS && !STRANGER -> break
  od
}

#if CANCEL
proctype Client() {
  if
  :: atomic { st==PENDING -> SAVE; st=CANCELED; printf("client cancels: canceled\n"); CHECK }
  :: atomic { st==RUNNING -> SAVE; st=CANCELING; printf("client cancels: canceling\n") }
#if CC
  :: atomic { st==COMMITTING -> SAVE; st=CANCELING; printf("client cancels while committing: canceling\n") }
#endif
  :: OVER -> skip
  fi
}
#endif

init { atomic { run Worker(1); run Worker(2); run Janitor(); run Env();
#if CANCEL
  run Client();
#endif
 } }

#ifdef LIVE
ltl done { <> (st==COMPLETED || st==CANCELED || st==FAILED) }
ltl token { [] ((st==PENDING && q==0) -> <> (q>0 || st!=PENDING)) }
#endif
